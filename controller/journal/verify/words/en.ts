import { timeText } from './text.ts'
import type { Words } from './words.ts'

const seconds = (count: number): string => (count === 1 ? '1 second' : `${count} seconds`)

/** English. */
export const en: Words = {
  verdict: {
    authentic: 'AUTHENTIC: every byte is as it was recorded, signed by the device and witnessed.',
    'authentic-with-remarks':
      'AUTHENTIC, WITH REMARKS: nothing was found changed; the remarks above limit what is proven.',
    'not-authentic': 'NOT AUTHENTIC: this is not, or not entirely, what was recorded.',
    unknown: 'CANNOT TELL: whether this is what was recorded cannot be told.',
  },
  severity: { damage: 'WRONG', unknown: 'CANNOT TELL', missing: 'MISSING', remark: 'remark' },
  state: { open: 'not closed', closed: 'closed', unknown: 'state unknown' },
  place: {
    line: (n) => `line ${n}`,
    bytes: (from, to) => `bytes ${from} to ${to}`,
    time: (from, to) => (from === to ? from : `${from} to ${to}`),
    media: (from, to) => `${from} to ${to} of the recording`,
    onMirror: { true: 'The other disk has it whole.', false: 'The other disk does not have it whole either.' },
  },
  heading: ({ hearing, room, state, length, ...of }) =>
    `Hearing ${hearing}, case ${of.case}, ${room}: ${state}, ${length} long`,
  unknownName: 'unknown',
  track: ({ fragments, files, megabytes }) => `${fragments} fragments in ${files} files, ${megabytes} MB`,
  gaps: (count, of) => (count ? `gaps: ${count}, together ${of} s` : 'no gaps'),
  missing: (count) => `${count} MISSING`,
  damaged: (count) => `${count} CHANGED`,
  device: ({ name, key, issuer }) => `Device ${name}, key ${key}, certified by ${issuer}`,
  signed: (utc, count) => `Signed up to ${utc} (${count} signatures)`,
  witnessed: (utc, count) => `Witnessed up to ${utc} (${count} receipts)`,
  asked: ({ url, receipts, proven }) =>
    `Asked the witness at ${url}${proven ? '' : ' (not checked whose server answered)'}: ${receipts} receipts`,
  stamped: (from, to, count) => `Time stamps: ${count}, from ${from} to ${to}`,
  more: (count) => `and ${count} more findings of the same kinds`,
  findings: {
    'journal-missing': () => 'there is no journal here: this is not the folder of a hearing',
    'journal-unreadable': ({ detail }) => `the journal cannot be read (${detail})`,
    'journal-empty': () => 'the journal holds nothing that can be read, so nothing can be said about the recording',
    'journal-excessive': () =>
      'the journal holds more than that of any hearing can hold, so not all of it was compared',
    'journal-line': ({ fault }) => `a line of the journal is spoiled and cannot be read (${fault})`,
    'journal-chain': ({ fault }) => `a line of the journal was changed, removed, added or moved (${fault})`,
    'journal-torn': () =>
      'the last line of the journal was cut off while it was written; nothing confirmed is lost by that',
    'journal-added': () => 'something was added to the journal after the hearing was closed',
    'mirror-unreadable': ({ detail }) =>
      `the other disk has no journal that can be read, so it was not compared (${detail})`,
    'mirror-shorter': ({ shorter, here, there }) =>
      `the journal on ${shorter === 'this' ? 'this' : 'the other'} disk ends earlier: ${here} lines here, ${there} there`,
    'mirror-differs': () =>
      'the journals on the two disks tell different things from here on: one of them was changed or spoiled',
    'fragment-damaged': () => 'the recording is not the one that was made: the file was changed or the disk spoiled it',
    'fragment-lost': () =>
      'the recording was safely on disk and is gone: the file was deleted or cut, or the disk lost it',
    'fragment-absent': () => 'the recording never reached this disk',
    'fragment-unreadable': ({ code }) => `the disk cannot read the recording (${code})`,
    'fragment-sealed': ({ seals }) => `sealed by order (${seals}), and left out of this copy`,
    'not-permitted': ({ code }) => `the recording could not be checked, because you may not open the file (${code})`,
    'bytes-added': () => 'bytes were added that are not part of the hearing',
    'bytes-unlisted': ({ why }) =>
      why === 'tail'
        ? 'a piece left over from an interruption; the journal names it'
        : 'these bytes are not in the journal yet',
    'file-unlisted': () => "this file lies in the hearing's folder and is not part of the hearing",
    gap: ({ reason }) => `nothing was recorded. ${reason}`,
    interruption: ({ stoppedUtc, resumedUtc, reason }) =>
      `the recorder stopped at ${timeText(stoppedUtc)} and went on at ${timeText(resumedUtc)}. ${reason}`,
    'hearing-open': () =>
      'the hearing was not closed: it is being recorded, or the recorder was interrupted. That nothing is missing at its end is not proven',
    'opening-wrong': () => 'the journal does not begin with the opening of a hearing, or opens one twice',
    'after-closing': ({ kind }) => `a line of kind "${kind}" stands after the closing, where it may not stand`,
    unsigned: () => 'the journal is not signed: it cannot be told which device made it, or whether it was made anew',
    'unsigned-long': ({ seconds: count }) =>
      `the last ${seconds(count)} are not signed, longer than any interruption explains: nothing proves what they hold`,
    'unsigned-end': ({ seconds: count }) =>
      `the last ${seconds(count)} are not signed: the device stopped before its next signature`,
    'closing-unsigned': () =>
      'the closing of the hearing is not signed: that nothing is missing at its end is not proven',
    'signature-late': ({ seconds: count }) =>
      `the device did not sign for ${seconds(count)}; a later signature covers this time too`,
    'signature-bad': ({ upto }) => `the signature over everything up to line ${upto} is false`,
    'signature-head': ({ upto }) => `the device has signed another line ${upto} than the one that stands here`,
    'signature-place': ({ upto }) => `the signature speaks for line ${upto}, which it cannot speak for`,
    'signature-foreign': ({ upto }) =>
      `the signature up to line ${upto} is by another key than that of the device that signs here`,
    'device-key': ({ device }) => `the key of device "${device}" does not bear its own name`,
    'device-certificate': ({ device }) => `no certificate of device "${device}" certifies the key that it signs with`,
    'device-chain': ({ device, issuer }) =>
      `the certificates of device "${device}" are not issued one by the other, or not by an authority (${issuer})`,
    'device-changed': ({ from, to }) => `device "${to}" signs instead of "${from}", with no interruption between them`,
    'device-replaced': ({ from, to }) =>
      `after an interruption device "${to}" signs with another key than "${from}" did`,
    'device-untrusted': ({ device, issuer }) =>
      `device "${device}" was not certified by anyone on your list of trusted certificates, but by ${issuer}`,
    'device-unchecked': ({ device, issuer }) =>
      `device "${device}" was certified by ${issuer}; without a list of trusted certificates it was not checked who that is`,
    'self-signed': ({ device }) =>
      `device "${device}" certifies itself: one key signed everything, but nobody says whose key that is`,
    'certificate-expired': ({ device, atUtc, limitUtc }) =>
      `device "${device}" signed at ${timeText(atUtc)}; its certificate was valid until ${timeText(limitUtc)} only`,
    'certificate-early': ({ device, atUtc, limitUtc }) =>
      `device "${device}" signed at ${timeText(atUtc)}; its certificate is valid from ${timeText(limitUtc)} only`,
    'receipt-bad': ({ upto }) => `the receipt of a witness for line ${upto} is false`,
    'receipt-void': () => 'this is no receipt, or it is spoiled: it proves nothing',
    'receipt-differs': ({ upto, receivedUtc }) =>
      `a witness saw another line ${upto} at ${timeText(receivedUtc)}: the journal was changed after that`,
    'receipt-beyond': ({ upto, receivedUtc, last }) =>
      `a witness saw line ${upto} at ${timeText(receivedUtc)}, and the journal ends at line ${last}: it was cut after that`,
    'receipt-place': ({ upto }) => `a witness saw line ${upto}, which cannot be found to compare it`,
    'receipts-unreadable': ({ detail }) => `the receipts cannot be read (${detail})`,
    'witness-untrusted': ({ witness }) =>
      `witness ${witness.slice(0, 16)} is certified by nobody on your list of trusted certificates: its receipts count for nothing`,
    'witness-unchecked': ({ witness }) =>
      `without a list of trusted certificates it was not checked who witness ${witness.slice(0, 16)} is`,
    unwitnessed: () => 'no witness has seen this record: that it was not replaced as a whole rests on the device alone',
    'unwitnessed-end': ({ seconds: count }) => `no witness has seen the last ${seconds(count)} of the record`,
    'witnessed-late': ({ receivedUtc }) =>
      `a witness saw this part of the record only at ${timeText(receivedUtc)}; until then it rests on the device alone`,
    'stamp-bad': ({ upto }) => `the time stamp of line ${upto} is false or spoiled`,
    'stamp-head': ({ upto }) => `the time stamp is of another line ${upto} than the one that stands here`,
    'stamp-untrusted': ({ authority }) =>
      `the time stamp is by "${authority}", which is not on your list of trusted certificates: it counts for nothing`,
    'stamp-unchecked': ({ authority }) =>
      `without a list of trusted certificates it was not checked who the time stamp authority "${authority}" is`,
    'clock-ahead': ({ by, seconds: count }) =>
      `the clock of the device was ahead of that of the ${by === 'witness' ? 'witness' : 'time stamp authority'}, by ${seconds(count)} at least`,
    'clock-step': ({ stepMs }) =>
      `the clock of the device was set by ${(stepMs / 1_000).toFixed(3)} s; the recording itself goes on unbroken`,
    'clock-free': () => 'the clock of the device was not set by any other clock: its times of day may be wrong',
    seal: ({ seal, by, reason, state, tracks }) =>
      `${seal}: ${tracks.join(', ') || 'all tracks'} sealed by order of ${by}. ${reason} ${state === 'replaced' ? 'It is left out of this copy' : 'It is here as it was recorded'}`,
    'seal-unsigned': ({ seal }) => `the order ${seal} is not signed by the device, so it excuses nothing`,
    'locked-altered': ({ seal }) => `the encrypted copy of what ${seal} covers is not as it was made`,
    'locked-unreadable': ({ seal, detail }) => `the encrypted copy of what ${seal} covers cannot be read (${detail})`,
  },
}
