import {
  BackgroundFetchManager,
  BackgroundFetchRecord,
  BackgroundFetchUpdateUIEvent,
} from '@bgfetch/client';
import type { Problem } from '@bgfetch/client';

/** Compiled, never run: what people write must pass, what is wrong must not. */
export async function sample(): Promise<number> {
  const backgroundFetch = new BackgroundFetchManager('http://127.0.0.1:8080', {
    base: 'https://example.com/',
    apiKey: 'key',
    fetch: (input, init) => fetch(input, init),
    releaseRecords: true,
  });
  const registration = await backgroundFetch.fetch(
    'my-fetch',
    ['/ep-5.mp3', new URL('https://a.example/')],
    {
      title: 'Episode 5: Interesting things.',
      icons: [{ sizes: '300x300', src: '/ep-5-icon.png', type: 'image/png' }],
      downloadTotal: 60 * 1024 * 1024,
      retry: { limit: 3, statuses: [503] },
    },
  );
  registration.addEventListener(
    'progress',
    () => registration.downloaded / registration.downloadTotal,
  );
  registration.onprogress = null;
  // @ts-expect-error a property of the service
  registration.downloaded = 1;
  // @ts-expect-error there is no such reason
  const never: boolean = registration.failureReason === 'no-such-reason';
  // @ts-expect-error only the service makes records
  new BackgroundFetchRecord();
  // @ts-expect-error a list of numbers is none of requests
  await backgroundFetch.fetch('numbers', [1, 2]);

  backgroundFetch.onbackgroundfetchsuccess = (event) => {
    event.waitUntil(event.updateUI({ title: event.registration.id }));
  };
  backgroundFetch.addEventListener('backgroundfetchabort', (event) => {
    event.waitUntil(event.registration.matchAll());
    // @ts-expect-error an abort has no UI to update
    event.updateUI();
  });
  backgroundFetch.addEventListener(
    'backgroundfetchfail',
    (event: BackgroundFetchUpdateUIEvent) => event.type,
  );

  async function* arriving(): AsyncGenerator<string | Request> {
    yield '/1';
  }
  await backgroundFetch
    .fetch('arriving', arriving())
    .catch((error: Error & { problem?: Problem }) => error.problem?.errors);
  const same = await backgroundFetch.get('my-fetch');
  const record = await (same ?? registration).match('/ep-5.mp3', { ignoreSearch: true });
  const response = await record?.responseReady;
  backgroundFetch.close();
  return never ? 0 : ((await response?.arrayBuffer())?.byteLength ?? 0);
}
