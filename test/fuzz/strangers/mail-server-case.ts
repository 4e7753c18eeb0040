/**
 * Data from a mail server to the probes of `signpost doctor`, over real connections on the loopback: greetings, responses,
 * incomplete responses, silence, and bytes in place of TLS.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { probeServer } from '../../../src/probes/probe-server.ts'
import type { FuzzCase } from '../fuzz-case.ts'
import type { Random } from '../random.ts'
import { hiddenIn, inTime } from './in-time.ts'

/** Separator between the server's responses to the lines of the client. */
const next = '\u0001NEXT\u0001'

const protocols = ['imap', 'pop3', 'smtp', 'managesieve'] as const
const securities = ['tls', 'starttls', 'none'] as const
const password = 'secret-of-jane'

export async function openMailServerCase(): Promise<FuzzCase> {
  let script: readonly string[] = []
  let heard = ''
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', bytes => {
      heard += bytes.toString('latin1')
    })
    serve(socket, script)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  async function open(): Promise<Socket> {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }

  async function probe(protocol: string, security: string): Promise<string | undefined> {
    const spoken = protocols.find(each => each === protocol)
    const secured = securities.find(each => each === security)
    // Why it is possible: a reduced input may lack them.
    if (spoken === undefined || secured === undefined) return undefined
    const { faults } = await probeServer(
      {
        protocol: spoken,
        host: 'mail.example.com',
        port,
        security: secured,
        authentication: ['password'],
        username: 'j'
      },
      { connect: open, timeoutMs: 60, now: () => 1_800_000_000_000 },
      password
    )
    for (const socket of sockets) socket.destroy()
    // Why never: no server of this case has a certificate.
    if (heard.includes(password) || heard.includes(btoa(password).slice(0, -2))) return `it was sent: ${heard}`
    return faults.map(({ message, remedy }) => hiddenIn(`${message} ${remedy}`)).find(Boolean)
  }

  return {
    name: 'servers',
    title: 'mail servers for doctor',
    make: random => ({
      protocol: random.pick(protocols),
      security: random.pick(securities),
      said: Array.from({ length: random.below(8) + 1 }, () => anyAnswer(random)).join(next)
    }),
    judge: ({ protocol = '', security = '', said = '' }) => {
      script = said.split(next)
      heard = ''
      return inTime(1000, () => probe(protocol, security))
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    }
  }
}

function serve(socket: Socket, script: readonly string[]): void {
  const answers = [...script].reverse()
  const say = () => {
    const answer = answers.pop()
    if (answer === undefined) return void socket.end()
    if (answer !== '') socket.write(Buffer.from(answer, 'latin1'))
  }
  socket.on('error', () => undefined)
  socket.on('data', say)
  say()
}

const words = [
  '* OK ready\r\n',
  '* BYE\r\n',
  '* PREAUTH\r\n',
  '* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN LOGINDISABLED SASL-IR\r\n',
  'a1 OK\r\n',
  'a2 OK\r\n',
  'a2 NO [UNAVAILABLE]\r\n',
  '+OK <1@x>\r\n',
  '-ERR [IN-USE]\r\n',
  'SASL PLAIN LOGIN CRAM-MD5\r\nSTLS\r\n.\r\n',
  '+ \r\n',
  '+ PDE+\r\n',
  '220 x\r\n',
  '220-x\r\n220 y\r\n',
  '250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n',
  '250-x\r\n',
  '334 PDE+\r\n',
  '235 ok\r\n',
  '454 later\r\n',
  '"IMPLEMENTATION" "x"\r\n"SASL" "PLAIN"\r\n"STARTTLS"\r\nOK\r\n',
  'OK (TRYLATER) "x"\r\n',
  '{99999}\r\n',
  '"SASL" {5}\r\nPLAIN\r\n',
  '\u0015\u0003\u0003\0\u0002\u0002\u0028',
  '\u0016\u0003\u0003\0\u007a\u0002',
  'HTTP/1.1 400 Bad Request\r\n\r\n',
  '\u001b[2J\u009b\u0000',
  '\r\n',
  '\n',
  '\r',
  ' ',
  '"',
  '\\',
  '\u00ff\u00fe',
  '* '
] as const

function anyAnswer(random: Random): string {
  if (random.chance(5)) return ''
  let text: string = random.pick(words)
  while (random.chance(30)) text += random.pick(words)
  if (random.chance(5)) text = text.repeat(random.below(4000))
  return random.chance(15) ? text.slice(0, random.below(text.length + 1)) : text
}
