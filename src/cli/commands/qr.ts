/**
 * `signpost qr`: prints a QR code that sets up a phone.
 */
import { appleQr, type QrInput, type QrPayload, thunderbirdQr } from '../../dialects/qr-payload.ts'
import { errors } from '../../errors.ts'
import { type QrLevel, toQrCode, writeQrSvg, writeQrTerminal } from '../../formats/qr.ts'
import { toAddress } from '../../settings/question/address.ts'
import type { Settings } from '../../settings/schema.ts'
import { openFile } from '../../sources/file.ts'
import { type Call, type Command, configOption } from '../command.ts'
import { servedAccount } from '../served-account.ts'
import { existingConfigFile } from '../table/no-settings.ts'

interface Kind {
  /** Where the account is set up; continues "sets up jane@example.com". */
  readonly title: string
  readonly level: QrLevel
  /** Whether the code contains the login name. */
  readonly hasLogin: boolean
  readonly write: (subject: QrInput, settings: Settings) => QrPayload
}

const kinds: Readonly<Record<string, Kind>> = {
  thunderbird: {
    title: 'in Thunderbird for Android',
    // Why: Thunderbird itself uses this level. A higher one makes the code harder to scan from a screen.
    level: 'L',
    hasLogin: true,
    write: subject => thunderbirdQr(subject)
  },
  apple: {
    title: 'on iPhone and iPad',
    level: 'M',
    hasLogin: false,
    write: (subject, { http }) => appleQr(subject, http?.publicUrl)
  }
}

type Format = (payload: string, kind: Kind, address: string) => string

const formats: Readonly<Record<string, Format>> = {
  terminal: (payload, { level }) => writeQrTerminal(toQrCode(payload, level)),
  svg: (payload, { level, title }, address) =>
    writeQrSvg(toQrCode(payload, level), `QR code that sets up ${address} ${title}`),
  text: payload => `${payload}\n`
}

export const qr: Command = {
  name: 'qr',
  parameters: [Object.keys(kinds).join('|'), '<address>'],
  summary: 'Print a QR code that sets up a phone.',
  details: `thunderbird: scan it in Thunderbird for Android (Import settings), not with the camera app. It contains servers and
user name, but no password.
apple: scan it with the camera of an iPhone or iPad, which opens the profile at autoconfig.<domain> or at http.publicUrl.

Formats: terminal draws the code with half blocks, black on white; svg is an image for web pages and print; text prints
the content of the code.
Directories and MX records are asked as by the server. For a mailbox that is not in users, the code has the made-up login name that
the server would send, and a message says so.
Exit code: 0 printed, 1 there is no such code for this address, 2 the command line or the settings are invalid,
or a directory does not answer.`,
  options: {
    config: configOption,
    format: { type: 'string', value: 'FORMAT', summary: `${Object.keys(formats).join(', ')} (default terminal)` },
    name: { type: 'string', value: 'NAME', summary: "the person's name, for the From line (default: the address)" }
  },
  async run(call) {
    const [name = '', typed = ''] = call.args
    const kind = choose(kinds, name, 'found')
    const format = choose(formats, String(call.options.format ?? 'terminal'), '--format: found')
    const address = toAddress(typed)
    if (address === undefined) throw errors.usage({ problem: `found "${typed}", expected a mail address` })
    const file = existingConfigFile(call)
    const source = openFile(file)
    const asked = { domain: address.domain, ...(kind.hasLogin && { address }) }
    const found = await servedAccount(source, asked, { file, terminal: call.terminal })
    const written: QrPayload =
      found === undefined
        ? { reason: `${address.domain} is not served` }
        : kind.write({ ...found, address, personName: personNameOf(call) }, source.table.settings)
    if ('reason' in written) {
      call.terminal.err(`signpost: no QR code for ${address.text}: ${written.reason}\n`)
      return 1
    }
    call.terminal.out(format(written.payload, kind, address.text))
    return 0
  }
}

/** @throws AC_USAGE */
function choose<T>(choices: Readonly<Record<string, T>>, name: string, found: string): T {
  const choice = Object.hasOwn(choices, name) ? choices[name] : undefined
  if (choice === undefined) {
    throw errors.usage({ problem: `${found} "${name}", expected one of ${Object.keys(choices).join(', ')}` })
  }
  return choice
}

function personNameOf({ options: { name } }: Call): string | undefined {
  return name === undefined ? undefined : String(name)
}
