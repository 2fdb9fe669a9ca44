/** Every address of a broker that is told in one piece: `mqtts://one:8883,two:8883` are two nodes of a cluster. */
export const addressesOf = (url: string): string[] => {
  const [, scheme = '', hosts = ''] = /^(mqtts?:\/\/)(.*)$/.exec(url) ?? []
  const names = hosts.split(',').filter((host) => host !== '')
  return names.length ? names.map((host) => `${scheme}${host}`) : [url]
}
