/**
 * Worst-case texts for a regular expression: each of its atoms repeated after its prefix, and
 * each of its prefixes repeated, with a matching or a mismatching end.
 */

/** Candidates that one character of the pattern may match. */
type Atom = readonly string[]

const candidates = [
  ...Array.from({ length: 0x7f }, (_, code) => String.fromCharCode(code)),
  '\u00a0',
  'é',
  '\u0301',
  '漢',
  '\u2028',
  '\ufdd0',
  '\ud800',
  '😀'
]
const favourites = [' ', 'a', '0', '"', '<', '-', '.', '\n', ...candidates]

const ends = ['', '\n\0']

/** @returns functions from a length to a text of about that length */
export function attacks(source: string, flags: string): ((length: number) => string)[] {
  const atoms = atomsOf(source, flags)
  const skeleton = atoms.map(([first = '']) => first)
  const made = new Set<string>()
  for (const [at, atom] of atoms.entries()) {
    const before = skeleton.slice(0, at).join('')
    for (const unit of [...atom, before + (atom[0] ?? '')]) {
      for (const start of [before, '']) made.add(JSON.stringify([start, unit]))
    }
  }
  return [...made].flatMap(each => {
    const [start = '', unit = ' ']: string[] = JSON.parse(each)
    return ends.map(end => (length: number) => start + unit.repeat(Math.ceil(length / unit.length)) + end)
  })
}

/** One character, class or escape. Groups, anchors, quantifiers and alternations are skipped. */
const piece =
  /\\(?:u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|p\{[^}]*\}|k<[^>]*>|.)|\[(?:[^\]\\]|\\.)*\]|\(\?(?:[:=!]|<[=!]|<\w+>)|\{\d+,?\d*\}|./gisu

function atomsOf(source: string, flags: string): Atom[] {
  const pieces = source.match(piece) ?? []
  return pieces
    .filter(each => !/^(?:[()|^$*+?]|\(\?.*|\{\d.*|\\[bBk\d].*)$/s.test(each))
    .map(each => atomOf(each, flags))
}

/** @returns up to two characters that the piece matches */
function atomOf(piece: string, flags: string): Atom {
  const whole = new RegExp(`^${piece}$`, flags.replace(/[gy]/g, ''))
  const found = new Set(favourites.filter(character => whole.test(character)))
  return found.size > 0 ? [...found].slice(0, 2) : [piece.replaceAll('\\', '')]
}
