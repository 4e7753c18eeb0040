/**
 * The manual page signpost(1), made from the command line's own help. Source: man(7) of groff.
 */
import type { CommandLine } from './command-line.ts'

export interface ManualOptions {
  readonly version: string
  readonly date: Date
}

export function manualPage(commands: readonly CommandLine[], { version, date }: ManualOptions): string {
  return `${[
    `.TH SIGNPOST 1 ${date.toISOString().slice(0, 10)} "signpost ${version}" "User Commands"`,
    '.SH NAME',
    'signpost \\- mail autoconfiguration server',
    '.SH SYNOPSIS',
    '.B signpost',
    '.I command',
    '[options]',
    '.SH DESCRIPTION',
    'Signpost answers mail programs that ask for the settings of an address: Thunderbird autoconfig, Outlook autodiscover,',
    'Apple profiles and others. All answers come from one settings table.',
    '.SH COMMANDS',
    ...commands.flatMap(commandSection),
    '.SH FILES',
    '.TP',
    '.I /etc/signpost/signpost.yaml',
    'The settings table of the service that the Debian package installs.',
    '.TP',
    '.I /var/lib/signpost/certificates',
    'The account, the keys and the certificates of http.tls.acme, for the user of the service only.',
    '.SH SEE ALSO',
    '.BR systemctl (1)'
  ].join('\n')}\n`
}

function commandSection({ name, parameters, summary, details, options }: CommandLine): string[] {
  return [
    `.SS ${roff(['signpost', name, ...parameters, '[options]'].join(' '))}`,
    ...paragraph(summary),
    ...details
      .replace(/\n(?=Exit code:)/g, '\n\n')
      .split('\n\n')
      .flatMap(each => ['.PP', ...paragraph(each)]),
    ...options.flatMap(({ name, value, summary, multiple }) => [
      '.TP',
      `\\fB\\-\\-${roff(name)}\\fR${value === undefined ? '' : ` \\fI${roff(value)}\\fR`}${multiple ? ' …' : ''}`,
      ...paragraph(summary)
    ])
  ]
}

function paragraph(text: string): string[] {
  return text.split('\n').map(line => roff(line).replace(/^[.']/, '\\&$&'))
}

function roff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('"', '\\(dq')
}
