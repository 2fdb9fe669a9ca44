/** Why something happened, said twice: in plain words for the clerk, and exactly for the engineer. */
export interface Reason {
  clerk: string
  engineer: string
}

export const reason = (clerk: string, engineer: string = clerk): Reason => ({ clerk, engineer })
