// Loaded before a program of Node.js: shifts its clock by SHIFTED_CLOCK_MS milliseconds, which may be negative.

const shiftMs = Number(process.env.SHIFTED_CLOCK_MS)
const RealDate = Date

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + shiftMs] : args, newTarget),
  get: (target, key, receiver) => (key === 'now' ? () => RealDate.now() + shiftMs : Reflect.get(target, key, receiver))
})
