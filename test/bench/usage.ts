// Resources that a process uses, as reported by Linux: processor time and resident memory.
import { readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

const readProc = (pid: number, file: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}

/** Seconds of processor time used so far by the process and its running children. */
export const processorTime = (pid: number): number | undefined => {
  const stat = readProc(pid, 'stat')
  if (stat === undefined) return undefined
  // Why: the second field is the command in brackets and may contain spaces. User and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const own = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  const children = (readProc(pid, `task/${pid}/children`) ?? '').split(' ').filter(Boolean)
  return children.reduce((sum, child) => sum + (processorTime(Number(child)) ?? 0), own)
}

/** Resident memory in MiB. */
export const residentMemory = (pid: number): number | undefined => {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status') ?? '')?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024
}
