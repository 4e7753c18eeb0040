// nginx configuration for hosts with calendars and address books: Radicale at the hosts `dav.` and below `/dav/` of every domain, and domains with
// defects.

import { proxyOf } from './nginx.ts'

/**
 * Why behind a proxy: nginx sends a fixed response before it has read the body of the request, and logs the request after that, which
 * can be after later requests. A proxy reads the whole request first.
 */
const FIXED_RESPONSES = '127.0.0.1:8099'

/** @returns configuration for the http block. Everything else goes to Signpost. */
export function davSite({ signpost, radicale }: { signpost: string; radicale: string }): string {
  const toRadicale = (path: string) => `
      proxy_pass https://${radicale}${path};
      proxy_set_header Host $http_host;`
  const fixed = (path: string) => `proxy_pass http://${FIXED_RESPONSES}/${path};`
  return `
  server {
    listen ${FIXED_RESPONSES};
    access_log off;
    location /forbidden { return 403; }
    location /missing { return 404; }
    location /moved { return 301 https://other.srv-moved-path.test/; }
    location /moved-away { return 301 https://dav.cross-gone.test/gone/; }
    location /website {
      default_type text/html;
      return 200 '<!doctype html><title>Welcome</title>';
    }
  }
  server {
    listen 443 ssl;
    listen 8443 ssl;
    server_name ~^(dav|other)\\.;
    location / {${toRadicale('')}
    }
    location /gone/ { ${fixed('missing')} }
    location /moved/ { ${fixed('moved')} }
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
    location /.well-known/ { ${fixed('missing')} }
    location / {${toRadicale('')}
    }
  }
  server {
    listen 443 ssl;
    server_name forbidden.test;
    location /.well-known/ { ${fixed('forbidden')} }
    location / {${toRadicale('')}
    }
  }
  server {
    listen 443 ssl;
    server_name cross-gone.test;
    location /.well-known/ { ${fixed('moved-away')} }
    location / {${toRadicale('')}
    }
  }
  server {
    listen 443 ssl;
    server_name website.test;
    location / { ${fixed('website')} }
  }
${proxyOf(signpost)}`
}
