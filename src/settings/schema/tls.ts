/**
 * Schema of `http.tls`: the https listener, and where its certificates come from.
 */
import Type from 'typebox'
import { closed, Text } from './fields.ts'

export const Port = (description: string) => Type.Integer({ minimum: 1, maximum: 65535, description })

export const CertificateFile = Text('PEM file: the certificate and those of its issuers (fullchain.pem).')

const httpsUrl = '^https://[A-Za-z0-9.\\[\\]:-]+(/[!-~]*)?$'

const Acme = Type.Object(
  {
    storage: Type.Optional(
      Text(
        'Folder for the account, the keys and the certificates, relative to this file. Only this service may read it. Default: /var/lib/signpost/certificates, which the systemd unit, the Debian package and the container image provide.'
      )
    ),
    termsAgreed: Type.Boolean({
      title:
        "true after you have read the terms of service of the certificate authority (Let's Encrypt: https://letsencrypt.org/repository/)",
      description: 'Your consent, without which the authority issues no certificate.'
    }),
    email: Type.Optional(
      Type.String({
        title: 'a mail address',
        pattern: '^[!-?A-~]+@[!-?A-~]+$',
        description: 'Where the certificate authority reports problems of the account. Default: none.'
      })
    ),
    directory: Type.Optional(
      Type.String({
        title: 'the https:// URL of an ACME directory',
        pattern: httpsUrl,
        description: "ACME directory of the certificate authority. Default: that of Let's Encrypt."
      })
    ),
    ca: Type.Optional(
      Text('PEM file: the root certificate of a private certificate authority. Default: those that Node.js trusts.')
    ),
    externalAccount: Type.Optional(
      Type.Object(
        {
          id: Text('Key identifier, from the account at the certificate authority.'),
          // Why writeOnly: people write the key itself instead of the file, and findings must not print it.
          hmacKeyFile: Type.String({
            minLength: 1,
            writeOnly: true,
            description: 'File with the HMAC key in base64url, relative to this file.'
          })
        },
        { ...closed, description: 'External account binding, which ZeroSSL and Google require.' }
      )
    ),
    names: Type.Optional(
      Type.Array(Type.String(), {
        title: 'a list such as [signpost.example.net]',
        description: 'Further host names. Default: only those for which /internal/tls-ask permits a certificate.'
      })
    ),
    challenge: Type.Optional(
      Type.Enum(['http-01', 'tls-alpn-01'], {
        description:
          'How names are proved: http-01 through port 80, tls-alpn-01 through port 443. Default: for each name the one that works, http-01 first.'
      })
    ),
    ordersPerHour: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: 'Most certificates that are ordered in an hour, by all nodes together. Default: 50.'
      })
    )
  },
  {
    ...closed,
    description:
      'Obtains and renews certificates (ACME) for the names that no file in certificates covers. The certificate authority must reach this service on port 80 or 443 of each name.'
  }
)

export const Tls = Type.Object(
  {
    host: Type.Optional(Text('Address to listen on. Default: the one of http.')),
    port: Type.Optional(Port('Default: 8443.')),
    certificates: Type.Optional(
      Type.Array(
        Type.Object(
          {
            certificate: CertificateFile,
            key: Text('PEM file: the private key, RSA or EC on P-256 or P-384.')
          },
          closed
        ),
        {
          title: 'a list such as [{ certificate: fullchain.pem, key: privkey.pem }]',
          minItems: 1,
          description:
            'Selected by the server name that the client sends; the first one if none matches. Required without acme.'
        }
      )
    ),
    acme: Type.Optional(Acme),
    minVersion: Type.Optional(Type.Enum(['TLSv1.2', 'TLSv1.3'], { description: 'Default: TLSv1.2.' }))
  },
  {
    ...closed,
    description: 'Serves https without a proxy. File names are relative to this file; changed files are reloaded.'
  }
)
