/**
 * Rules about the advertised servers: the faults that the probes found.
 */
import type { FoundServer } from '../../clients/model/client.ts'
import type { Finding } from '../finding.ts'
import type { Evidence } from './evidence.ts'

export function serverRules({ servers, services, programs }: Evidence): Finding[] {
  const ofServers = servers.flatMap(({ server, faults }) => {
    const takes = (found: FoundServer | undefined) =>
      found?.protocol === server.protocol && found.host.toLowerCase() === server.host && found.port === server.port
    const clients = programs
      .filter(({ discovery: { account } }) => takes(account?.incoming) || takes(account?.outgoing))
      .map(({ client }) => client.name)
    return faults.map(fault => ({ ...fault, subject: `${server.protocol} ${server.host}:${server.port}`, clients }))
  })
  const ofServices = services.flatMap(({ service, faults }) =>
    faults.map(fault => ({ ...fault, subject: `${service.protocol} ${service.url}`, clients: [] }))
  )
  return [...ofServers, ...ofServices]
}
