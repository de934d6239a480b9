import { Actions } from './actions.js';
import { Announcer } from './announcer.js';
import { Api } from './api.js';
import { copy } from './clipboard.js';
import { Details } from './details.js';
import { askForKey, notify, showKeys, wireDialogs } from './dialogs.js';
import { listenToKeys } from './keyboard.js';
import { LiveEvents } from './live.js';
import { Origins } from './origins.js';
import { Overview } from './overview.js';
import { focusRow } from './registration-row.js';
import { actionsOf, nameOf } from './registration-view.js';
import { listAddress, parseRoute } from './route.js';
import { Store } from './store.js';
import { restoreTheme, switchThemeWith } from './theme.js';
import { showTraffic } from './traffic.js';
import { showWorkers } from './workers.js';

const REFRESH_AGAIN = 8000;
const LOOK_FOR_OVERDUE = 30_000;

const byId = (id) => document.getElementById(id);

restoreTheme();
switchThemeWith(byId('theme'));
wireDialogs();

const api = new Api(new URL(document.baseURI), askForKey);
const store = new Store();
const origins = new Origins(api);
const actions = new Actions(api, store);
const overview = new Overview(api, store, origins);
let listed = listAddress();
const details = new Details(byId('details'), api, store, origins, () => listed);
const announcer = new Announcer(byId('announcer'));

// ---- what is shown

function show() {
  const route = parseRoute(location.hash);
  const cameFrom = details.uid;
  if (route.page === 'fetch') {
    overview.close();
    details.open(route.uid);
    window.scrollTo(0, 0);
  } else {
    details.close();
    listed = listAddress(route);
    overview.open(route);
    lookAtTraffic();
    lookAtWorkers();
    focusRow(cameFrom);
  }
  nameThePage();
}

function nameThePage() {
  const opened = details.uid && store.get(details.uid);
  document.title = opened ? `${nameOf(opened)} – bgfetch` : 'bgfetch';
}

const isListed = () => details.uid === null;
const lookAtTraffic = showTraffic(api, isListed);
const lookAtWorkers = showWorkers(api, isListed);

window.addEventListener('hashchange', show);
store.subscribe(nameThePage);
setInterval(() => {
  overview.tick();
  details.tick();
}, 1000);
setInterval(() => {
  overview.checkOverdue();
  details.checkOverdue();
}, LOOK_FOR_OVERDUE);

// ---- what people do

document.querySelector('main').addEventListener('click', (event) => {
  const action = event.target.closest('[data-action]')?.dataset.action;
  const uid = event.target.closest('[data-uid]')?.dataset.uid ?? details.uid;
  if (action && uid) {
    actions.run(action, uid);
  }
  const sample = event.target.closest('[data-copy]')?.dataset.copy;
  if (sample) {
    copy(byId(sample).textContent);
  }
});
byId('show-keys').addEventListener('click', showKeys);
listenToKeys({
  showKeys,
  back: () => (location.hash = details.uid ? listed : listAddress()),
  opened: () => details.uid,
  act: (names, uid) => {
    const offered = store.get(uid) ? actionsOf(store.get(uid)) : [];
    const name = names.find((one) => offered.includes(one));
    if (name) {
      actions.run(name, uid);
    }
  },
});

// ---- what happens

let refreshing = null;

/** Reads what no event tells; where that fails it is tried again, one at a time. */
async function refresh() {
  clearTimeout(refreshing);
  try {
    await overview.refresh();
  } catch (problem) {
    notify(problem.message, 'problem');
    clearTimeout(refreshing);
    refreshing = setTimeout(refresh, REFRESH_AGAIN);
  }
}

const STATES = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' };

const live = new LiveEvents(api, 'v1/events', {
  onEvent: (type, registration) => {
    const wasActive = store.get(registration.uid)?.result === '';
    if (store.merge(registration) && wasActive && registration.result !== '') {
      announcer.tellEnd(registration);
    }
    if (type === 'backgroundfetchabort') {
      overview.check(registration.uid); // one that is deleted while it is active is aborted first
    }
  },
  onConnected: () => {
    refresh();
    details.refresh();
  },
  onState: (state) => {
    byId('connection').dataset.state = state;
    byId('connection').textContent = STATES[state];
  },
});
window.addEventListener('online', () => live.hurry());
document.addEventListener('visibilitychange', () => document.hidden || live.hurry());

show();
live.run();
