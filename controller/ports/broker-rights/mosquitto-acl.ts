import { READABLE_TOPICS } from '../../wire/fleet/topics.ts'
import { mayHear, mayPublish, type Rights } from './rights.ts'

/**
 * For `acl_file` of Mosquitto with `use_identity_as_username`. A section for each device and no `pattern`: a pattern
 * knows the name of a device and not its court, and would let it speak in every court.
 */
export const mosquittoAcl = ({ members, readers }: Pick<Rights, 'members' | 'readers'>): string =>
  [
    '# Written by the hub. Whoever stands here not may say and hear nothing.',
    'user hub\ntopic readwrite #\ntopic read $SYS/#',
    ...readers.map((name) => [`user ${name}`, ...READABLE_TOPICS.map((topic) => `topic read ${topic}`)].join('\n')),
    ...members.map((member) =>
      [
        `user ${member.device}`,
        ...mayPublish(member).map((topic) => `topic write ${topic}`),
        ...mayHear(member).map((topic) => `topic read ${topic}`),
      ].join('\n'),
    ),
    '',
  ].join('\n\n')
