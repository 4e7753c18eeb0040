/** Faults on the way to a server, before it speaks its protocol. */
import type { FaultTexts } from '../probe.ts'

export const connectionFaults = {
  noAddress: [
    'server.no-address',
    'error',
    'The name {host} has no address.',
    'Publish an A or AAAA record for {host}, or advertise another name.'
  ],
  nameServerFails: [
    'server.name-server-fails',
    'error',
    'The name servers of {host} do not answer.',
    'Check the DNS of {host}: delegation, DNSSEC, and that every name server answers.'
  ],
  connectionRefused: [
    'server.connection-refused',
    'error',
    'The server refuses the connection.',
    'Start the {protocol} server on port {port}, or advertise the port it listens on.'
  ],
  connectionFiltered: [
    'server.connection-filtered',
    'error',
    'The server does not answer within {seconds} seconds. A firewall may block the port.',
    'Open port {port} in the firewall, or advertise a port that is open.'
  ],
  unreachable: [
    'server.unreachable',
    'error',
    'There is no route to the server.',
    'Check the address of {host} and the routes to it.'
  ],
  notConnected: [
    'server.not-connected',
    'error',
    'The connection fails: {reason}.',
    'Check the address of {host} and that the {protocol} server is reachable from outside.'
  ],
  noTime: [
    'server.no-time',
    'info',
    'The examination of the server is incomplete: the time limit was reached.',
    'Allow more time (--timeout).'
  ],
  closed: [
    'server.closed',
    'error',
    'The server closes the connection during the {stage}.',
    'Check the log of the {protocol} server.'
  ],
  noAnswer: [
    'server.no-answer',
    'error',
    'The {stage} takes more than {seconds} seconds.',
    'Check the log of the {protocol} server for what delays it. Mail programs give up, too.'
  ],
  lineTooLong: [
    'server.line-too-long',
    'error',
    'The server sends a line of more than {limit} bytes during the {stage}.',
    'Check which program listens on port {port}, and advertise the port of the {protocol} server.'
  ],
  tooMuch: [
    'server.too-much',
    'error',
    'The server sends more than {limit} bytes during the {stage}.',
    'Check which program listens on port {port}, and advertise the port of the {protocol} server.'
  ]
} as const satisfies FaultTexts
