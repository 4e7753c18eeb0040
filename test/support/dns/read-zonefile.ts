/**
 * A zone file of absolute names, read back: RFC 1035 5.1.
 */
export interface Read {
  readonly name: string
  readonly ttl: number
  readonly type: string
  readonly data: readonly string[]
}

const token = /"((?:[^"\\]|\\\d{3}|\\.)*)"|(\S+)/g

/** @throws if a line is not a record */
export function readZonefile(text: string): Read[] {
  return text
    .trimEnd()
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const tokens = [...line.matchAll(token)].map(([, quoted, bare]) =>
        quoted === undefined ? bare : withoutEscapes(quoted)
      )
      const [name = '', ttl = '', class_ = '', type = '', ...data] = tokens.map(each => each ?? '')
      if (!name.endsWith('.') || !/^\d+$/.test(ttl) || class_ !== 'IN' || data.length === 0) throw new Error(line)
      return { name, ttl: Number(ttl), type, data }
    })
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(\d{3}|.)/g, (_, escaped: string) => {
    return escaped.length === 3 ? String.fromCharCode(Number(escaped)) : escaped
  })
}
