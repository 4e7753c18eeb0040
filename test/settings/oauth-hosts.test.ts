import t from 'tap'
import { isOauthHostOfThunderbird, isOauthHostOfThunderbirdAndroid } from '../../src/settings/oauth-hosts.ts'

t.test('oauth hosts: Thunderbird also knows the subdomains of its domains', async t => {
  for (const host of [
    'office365.com',
    'Outlook.Office365.com',
    'imap.gmail.com',
    'imap.mail.yahoo.com',
    'imap.mail.ru'
  ]) {
    t.equal(isOauthHostOfThunderbird(host), true, host)
  }
  for (const host of ['notgmail.com', 'gmail.com.example', 'com', '', 'mail.ru', 'pop.mail.ru', 'imap.example.com']) {
    t.equal(isOauthHostOfThunderbird(host), false, host)
  }
})

t.test('oauth hosts: Thunderbird for Android knows whole host names only', async t => {
  for (const host of ['outlook.office365.com', 'SMTP.office365.com', 'imap.gmail.com']) {
    t.equal(isOauthHostOfThunderbirdAndroid(host), true, host)
  }
  for (const host of ['office365.com', 'a.imap.gmail.com', 'imap.mail.ru', '']) {
    t.equal(isOauthHostOfThunderbirdAndroid(host), false, host)
  }
})
