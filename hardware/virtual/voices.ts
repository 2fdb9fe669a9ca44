/** Who speaks in the virtual courtroom, and what: six microphones, three languages, turns and interruptions. */

export interface Speaker {
  /** Name of the track. */
  microphone: string
  speaker: string
  language: 'kk' | 'ru' | 'en'
  /** espeak-ng's voice with its variant, and pitch and speed: six people nobody confuses. */
  voice: string
  pitch: number
  wordsAMinute: number
}

/** In the order of the audio interface's channels. */
export const SPEAKERS: readonly Speaker[] = [
  { microphone: 'judge-mic', speaker: 'Judge', language: 'ru', voice: 'ru+m1', pitch: 30, wordsAMinute: 150 },
  { microphone: 'witness-mic', speaker: 'Witness', language: 'kk', voice: 'kk+f2', pitch: 70, wordsAMinute: 150 },
  {
    microphone: 'prosecution-mic',
    speaker: 'Prosecutor',
    language: 'ru',
    voice: 'ru+f4',
    pitch: 55,
    wordsAMinute: 170,
  },
  {
    microphone: 'defence-mic',
    speaker: 'Defence lawyer',
    language: 'ru',
    voice: 'ru+m7',
    pitch: 50,
    wordsAMinute: 165,
  },
  { microphone: 'clerk-mic', speaker: 'Clerk', language: 'kk', voice: 'kk+m3', pitch: 40, wordsAMinute: 160 },
  {
    microphone: 'interpreter-mic',
    speaker: 'Interpreter',
    language: 'en',
    voice: 'en-gb+f5',
    pitch: 80,
    wordsAMinute: 175,
  },
]

export interface Turn {
  microphone: string
  text: string
  /** Begins so many seconds after the one before has ended; negative is an interruption. */
  after: number
}

const turn = (microphone: string, after: number, text: string): Turn => ({ microphone, text, after })

/** The first turns are short, so that a short test too hears every microphone. */
export const TURNS: readonly Turn[] = [
  turn('clerk-mic', 0.5, 'Барлығыңыз тұрыңыздар, сот келе жатыр.'),
  turn('judge-mic', 0.2, 'Судебное заседание объявляется открытым.'),
  turn('interpreter-mic', -0.6, 'The hearing is now open.'),
  turn('prosecution-mic', 0.2, 'Государственный обвинитель готов.'),
  turn('defence-mic', -0.5, 'Защита возражает, уважаемый суд!'),
  turn('witness-mic', 0.1, 'Мен барлығын өз көзіммен көрдім.'),
  turn('judge-mic', 0.3, 'Свидетель, вы предупреждаетесь об ответственности за дачу заведомо ложных показаний.'),
  turn('interpreter-mic', -2.0, 'Witness, you are warned of liability for knowingly false testimony.'),
  turn('witness-mic', 0.3, 'Түсінікті. Ол күні кешке мен дүкеннің алдында тұрдым, екі адам машинадан шықты.'),
  turn('interpreter-mic', -1.8, 'That evening I stood in front of the shop, and two men got out of the car.'),
  turn('prosecution-mic', 0.2, 'Назовите, пожалуйста, время, когда это произошло, и цвет автомобиля.'),
  turn('defence-mic', -1.5, 'Возражаю. Свидетель об автомобиле ещё ничего не говорил о цвете.'),
  turn('judge-mic', -0.8, 'Возражение отклоняется. Свидетель, отвечайте.'),
  turn('witness-mic', 0.3, 'Сағат тоғыздан он минут кеткен, машина ақ түсті еді.'),
  turn('clerk-mic', 0.2, 'Хаттамаға енгізілді, құрметті сот.'),
  turn('interpreter-mic', -1.2, 'Ten past nine, and the car was white. It is in the record.'),
  turn('defence-mic', 0.3, 'Уважаемый суд, прошу приобщить к делу запись с камеры наблюдения.'),
  turn('prosecution-mic', -0.9, 'Обвинение не возражает против приобщения.'),
  turn('judge-mic', 0.4, 'Ходатайство удовлетворено. Объявляется перерыв на десять минут.'),
  turn('clerk-mic', 0.2, 'Үзіліс он минутқа жарияланды.'),
]
