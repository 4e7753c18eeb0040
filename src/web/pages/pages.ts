/**
 * All web pages and the choice of their language and device.
 */
import { toBrand } from '../../settings/brand.ts'
import { chooseDevice } from '../devices/choose-device.ts'
import { icon } from '../frame/layout.ts'
import { chooseLanguage } from '../words/choose-language.ts'
import { foreignPage } from './foreign-page.ts'
import { missingPage, unknownPage } from './not-found-pages.ts'
import { personPage } from './person-page.ts'
import { providerPage } from './setup-page.ts'
import { startPage } from './start-page.ts'

export const pages = {
  chooseLanguage,
  chooseDevice,
  startPage,
  personPage,
  providerPage,
  foreignPage,
  unknownPage,
  missingPage,
  icon: icon(toBrand({}, undefined))
}
