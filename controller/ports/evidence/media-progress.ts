/** Tells how much of a folder's media has been looked at. */
export const mediaProgress = (onProgress: (done: number, total: number) => void = () => {}) => {
  let total = 0
  let done = 0
  return {
    begin: (present: ReadonlyMap<string, number>): void => {
      total = [...present.values()].reduce((sum, bytes) => sum + bytes, 0)
    },
    add: (bytes: number): void => {
      done += bytes
      onProgress(Math.min(done, total), total)
    },
    end: (): void => onProgress(total, total),
  }
}
