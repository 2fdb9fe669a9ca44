/** Courts in the fourteen regions of Kazakhstan: the towns are real, what happens in their courtrooms is made up. */
import type { CourtId } from '../wire/fleet/name.ts'

export interface Court {
  id: CourtId
  name: string
  region: string
}

/** The centre of each region first. */
const TOWNS: Readonly<Record<string, readonly string[]>> = {
  Akmola: ['Kokshetau', 'Stepnogorsk', 'Shchuchinsk', 'Atbasar', 'Makinsk', 'Esil'],
  Aktobe: ['Aktobe', 'Khromtau', 'Kandyagash', 'Shalkar', 'Emba', 'Alga'],
  Almaty: ['Almaty', 'Taldykorgan', 'Konayev', 'Kaskelen', 'Talgar', 'Zharkent', 'Tekeli', 'Ushtobe'],
  Atyrau: ['Atyrau', 'Kulsary', 'Makat', 'Inderbor', 'Dossor'],
  'East Kazakhstan': ['Oskemen', 'Semey', 'Ridder', 'Altai', 'Ayagoz', 'Zaysan', 'Shemonaikha', 'Kurchatov'],
  Karaganda: ['Karaganda', 'Temirtau', 'Zhezkazgan', 'Balkhash', 'Satpayev', 'Saran', 'Shakhtinsk', 'Abay'],
  Kostanay: ['Kostanay', 'Rudny', 'Lisakovsk', 'Arkalyk', 'Zhitikara', 'Tobyl'],
  Kyzylorda: ['Kyzylorda', 'Aral', 'Kazaly', 'Baikonur', 'Shieli', 'Zhosaly'],
  Mangystau: ['Aktau', 'Zhanaozen', 'Fort-Shevchenko', 'Beyneu', 'Shetpe'],
  'North Kazakhstan': ['Petropavl', 'Tayynsha', 'Bulayevo', 'Mamlyut', 'Sergeyevka'],
  Pavlodar: ['Pavlodar', 'Ekibastuz', 'Aksu', 'Irtyshsk', 'Sharbakty'],
  Turkistan: ['Shymkent', 'Turkistan', 'Kentau', 'Saryagash', 'Arys', 'Lenger', 'Zhetisay'],
  'West Kazakhstan': ['Oral', 'Aksay', 'Zhanibek', 'Kaztal', 'Chapayev'],
  Zhambyl: ['Taraz', 'Shu', 'Karatau', 'Zhanatas', 'Merke', 'Korday'],
}
export const REGIONS = Object.keys(TOWNS)

/** The first of a town, and those that follow where it is large. */
const KINDS = ['City Court', 'Criminal Court', 'Administrative Court', 'District Court No. 2', 'Economic Court']
const KINDS_IN_A_TOWN = 3

const idOf = (town: string, kind: string): CourtId =>
  `${town} ${kind.replace(/ Court| No\./g, '')}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

/** Region by region in turn, so that the first few are spread over the country. */
export const COURTS: readonly Court[] = KINDS.flatMap((kind, rank) =>
  Array.from({ length: 8 }, (_, place) => place).flatMap((place) =>
    REGIONS.flatMap((region): Court[] => {
      const town = TOWNS[region]?.[place]
      if (!town || (place > 0 && rank >= KINDS_IN_A_TOWN)) return []
      return [{ id: idOf(town, kind), name: `${town} ${kind}`, region: `${region} region` }]
    }),
  ),
)

/** As many as so many rooms fill with three or four each, as long as there are courts. */
export const courtsFor = (rooms: number): readonly Court[] => COURTS.slice(0, Math.max(1, Math.ceil(rooms / 3.5)))
