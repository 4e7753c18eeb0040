/**
 * Every dialect that is served. A new one adds its line here.
 */
import { apple } from './apple.ts'
import type { Dialect } from './dialect.ts'
import { outlook } from './outlook.ts'
import { thunderbird } from './thunderbird.ts'

export const dialects: readonly Dialect[] = [thunderbird, outlook, apple]
