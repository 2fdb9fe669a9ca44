/** Where a broker listens. */
export interface BrokerAddress {
  /** Without the brackets that an address of IPv6 has in a URL. */
  host: string
  /** What is registered for MQTT where the URL has none: 8883 with TLS, 1883 without. */
  port: number
}

/** @param url mqtt://host:port or mqtts://host:port */
export const brokerAddressOf = (url: string, isTls: boolean): BrokerAddress => {
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) || (isTls ? 8_883 : 1_883) }
}
