/** Which of the languages of a page somebody reads. */

/**
 * @param spoken the page's languages; @param otherwise for whoever reads none of them
 * @param wished such as `kk-KZ`, the dearest first
 */
export const dearestOf = <Language extends string>(
  spoken: Readonly<Record<Language, unknown>>,
  otherwise: Language,
  wished: readonly string[],
): Language => {
  const isSpoken = (text: string): text is Language => Object.hasOwn(spoken, text)
  return wished.map((one) => one.toLowerCase().split('-')[0]!).find(isSpoken) ?? otherwise
}
