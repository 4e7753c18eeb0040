// nginx configuration for hosts with calendars and address books: Radicale at the hosts `dav.` and below `/dav/` of every domain, and domains with
// defects.

import { proxyOf } from './nginx.ts'

/** @returns configuration for the http block. Everything else goes to Signpost. */
export function davSite({ signpost, radicale }: { signpost: string; radicale: string }): string {
  const toRadicale = (path: string) => `
      proxy_pass https://${radicale}${path};
      proxy_set_header Host $http_host;`
  return `
  server {
    listen 443 ssl;
    listen 8443 ssl;
    server_name ~^(dav|other)\\.;
    location / {${toRadicale('')}
    }
    location /gone/ { return 404; }
    location /moved/ { return 301 https://other.srv-moved-path.test/; }
  }
  server {
    listen 443 ssl;
    server_name same.test upper-case.test person.test calendars-only.test contacts-only.test;
    location /dav/ {${toRadicale('/')}
      proxy_set_header X-Script-Name /dav;
    }
    location / {
      proxy_pass http://${signpost};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
  server {
    listen 443 ssl;
    server_name root.test;
    location /.well-known/ { return 404; }
    location / {${toRadicale('')}
    }
  }
  server {
    listen 443 ssl;
    server_name forbidden.test;
    location /.well-known/ { return 403; }
    location / {${toRadicale('')}
    }
  }
  server {
    listen 443 ssl;
    server_name cross-gone.test;
    location /.well-known/ { return 301 https://dav.cross-gone.test/gone/; }
    location / {${toRadicale('')}
    }
  }
  server {
    listen 443 ssl;
    server_name website.test;
    location / {
      default_type text/html;
      return 200 '<!doctype html><title>Welcome</title>';
    }
  }
${proxyOf(signpost)}`
}
