/**
 * Completions for bash, zsh and fish, made from the tables of options that the commands themselves read.
 */
import type { CommandLine } from './command-line.ts'

type OptionLine = CommandLine['options'][number]

/** Source: bash(1), Programmable Completion. */
export function bashCompletion(commands: readonly CommandLine[]): string {
  const cases = commands.map(({ name, options, choices }) => {
    const words = [...options.map(({ name }) => `--${name}`), ...choices].join(' ')
    return `    ${name}) words='${words}' ;;`
  })
  const ofFiles = optionNames(commands, isFile)
  const ofValues = optionNames(commands, option => option.type === 'string' && !isFile(option))
  return `# bash completion of signpost
_signpost() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$word"))
    return
  fi
  case $before in
    ${ofFiles.join('|')}) COMPREPLY=($(compgen -f -- "$word")); return ;;
    ${ofValues.join('|')}) return ;;
  esac
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _signpost signpost
`
}

/** Source: zshcompsys(1), _arguments and _describe. */
export function zshCompletion(commands: readonly CommandLine[]): string {
  const names = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`)
  const cases = commands.map(({ name, options, parameters, choices }) => {
    const specs = options.map(zshOption)
    const places = parameters.map((parameter, index) => {
      const action = index === 0 && choices.length > 0 ? `(${choices.join(' ')})` : ' '
      return quote(`${index + 1}:${zshText(parameter)}:${action}`)
    })
    return `    ${name}) _arguments ${[...specs, ...places].join(' ')} ;;`
  })
  return `#compdef signpost
_signpost() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join('\n')}
  esac
}
_signpost "$@"
`
}

/** Source: https://fishshell.com/docs/current/cmds/complete.html */
export function fishCompletion(commands: readonly CommandLine[]): string {
  const lines = commands.flatMap(({ name, summary, options, choices }) => [
    `complete -c signpost -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...(choices.length > 0
      ? [`complete -c signpost -n '__fish_seen_subcommand_from ${name}' -a ${quote(choices.join(' '))}`]
      : []),
    ...options.map(option => {
      const value = option.type === 'boolean' ? '' : isFile(option) ? ' -r -F' : ' -x'
      return `complete -c signpost -n '__fish_seen_subcommand_from ${name}' -l ${option.name}${value} -d ${quote(option.summary)}`
    })
  ])
  return `# fish completion of signpost\ncomplete -c signpost -f\n${lines.join('\n')}\n`
}

function isFile({ value }: OptionLine): boolean {
  return value === 'FILE'
}

function optionNames(commands: readonly CommandLine[], wanted: (option: OptionLine) => boolean): string[] {
  return [...new Set(commands.flatMap(({ options }) => options.filter(wanted).map(({ name }) => `--${name}`)))].sort()
}

function zshOption(option: OptionLine): string {
  const { name, value, summary, multiple } = option
  const argument = value === undefined ? '' : `:${zshText(value)}:${isFile(option) ? '_files' : ' '}`
  return quote(`${multiple ? '*' : ''}--${name}[${zshText(summary)}]${argument}`)
}

function zshText(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&')
}

/** Works in all three shells, since fish reads \\' only inside of quotes and no summary ends with a backslash. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`
}
