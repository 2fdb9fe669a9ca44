/** The console of the fleet. */
export const region = 'region'
