/**
 * Milliseconds of processor time: unlike time on a clock, they are the same on a busy machine.
 */
export async function cpuMs(run: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
