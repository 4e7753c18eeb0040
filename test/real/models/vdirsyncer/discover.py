"""vdirsyncer's own discovery. Every line of the input is a JSON object, and every line of the output a list of URLs."""

import asyncio
import json
import sys

import aiohttp
from vdirsyncer.exceptions import Error
from vdirsyncer.storage.dav import CalDAVStorage, CardDAVStorage

storages = {"caldav": CalDAVStorage, "carddav": CardDAVStorage}


async def discover(service, **settings):
    async with aiohttp.TCPConnector() as connector:
        found = storages[service].discover(connector=connector, **settings)
        return [collection["url"] async for collection in found]


for line in sys.stdin:
    asked = json.loads(line)
    try:
        urls = asyncio.run(discover(**asked))
    except (Error, aiohttp.ClientError) as error:
        print(f"{asked['url']}: {error!r}", file=sys.stderr)
        urls = []
    print(json.dumps(urls), flush=True)
