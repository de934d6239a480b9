export {
  BackgroundFetchEvent,
  BackgroundFetchUpdateUIEvent,
} from './src/background-fetch-event.js';
export { BackgroundFetchManager } from './src/background-fetch-manager.js';
export { BackgroundFetchRecord } from './src/background-fetch-record.js';
export { BackgroundFetchRegistration } from './src/background-fetch-registration.js';
