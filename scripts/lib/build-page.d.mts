export const buildPage: (page: string, to: string) => Promise<void>
