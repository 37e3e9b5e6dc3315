import { LifeverseError, type Waiting } from '@lifeverse/client';
import { type Account, AccountRefused } from './account.ts';
import type { Game } from './game.ts';
import type { Link } from './link.ts';
import { endOfTrip } from './provider-trip.ts';
import { endings } from './refusals.ts';
import type { Seat } from './session.ts';
import type { AccountPanel } from './ui/account-panel.ts';
import type { Banner } from './ui/banner.ts';
import { type JoinScreen, rememberName } from './ui/join-screen.ts';
import type { WaitingRoom } from './ui/waiting-room.ts';
import type { WaitingPlace } from './waiting-place.ts';
import type { PlayableWorld } from './worlds.ts';

const LEFT_LINE = 'You left the line. Come back whenever you like.';
const LOGGED_OUT = 'You are logged out here.';

export interface VisitParts {
  readonly world: PlayableWorld;
  readonly game: Game;
  readonly seat: Seat;
  readonly line: WaitingPlace;
  readonly account: Account;
  readonly accountPanel: AccountPanel;
  readonly joinScreen: JoinScreen;
  readonly waitingRoom: WaitingRoom;
  readonly banner: Banner;
}

/** Who comes in. */
interface Visitor {
  /** Undefined: whatever they are called already. */
  readonly name: string | undefined;
  /** Undefined: somebody new. */
  readonly session: string | undefined;
  /** Logged in at a provider: the browser's cookie says who it is. */
  readonly byCookie?: boolean;
  /** In the waiting room, from before a reload. */
  readonly place?: string;
}

/** How a visit ended, and so how the next one begins. */
interface Ending {
  readonly sentence: string;
  /** Begins with the form in which one logs in. */
  readonly logIn?: boolean;
}

/** Joins, and asks again when that did not work or the world was left. */
export async function visits(parts: VisitParts): Promise<never> {
  const { seat, joinScreen } = parts;
  let { visitor, ending } = await firstVisit(parts);
  for (;;) {
    if (visitor === null) {
      const entry = await joinScreen.ask(ending.sentence, ending.logIn);
      visitor = { name: entry.kind === 'named' ? entry.name : undefined, session: seat.session };
    }
    ending = await visit(visitor, parts);
    visitor = null;
  }
}

/** Who comes in without being asked; null when nobody does. */
async function firstVisit({ seat, line, account }: VisitParts): Promise<{ visitor: Visitor | null; ending: Ending }> {
  const trip = endOfTrip();
  if (trip.kind === 'back' && (await account.hasCookie())) {
    seat.forget();
    return { visitor: { name: undefined, session: undefined, byCookie: true }, ending: { sentence: '' } };
  }
  if (seat.session !== undefined && !(await account.isKnown())) {
    seat.forget();
    line.forget();
    return { visitor: null, ending: { sentence: endings.session_unknown ?? '' } };
  }
  if (trip.kind === 'refused') return { visitor: null, ending: { sentence: trip.sentence } };
  const returning = seat.returning ? { name: undefined, session: seat.session } : null;
  return { visitor: line.waiter ?? returning, ending: { sentence: '' } };
}

/** One stay in the world, with all the waiting in line before it and in it. */
async function visit(visitor: Visitor, parts: VisitParts): Promise<Ending> {
  const { world, game, seat, line, account, accountPanel, joinScreen, waitingRoom, banner } = parts;
  const leaving = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
  const isIn = (): void => {
    waitingRoom.hide();
    line.forget();
  };
  waitingRoom.onLeave = () => {
    leaving.abort(new Error(LEFT_LINE));
    end({ sentence: LEFT_LINE });
  };
  accountPanel.onLogIn = () => end({ sentence: '', logIn: true });
  accountPanel.onLogOut = () => void logOut(parts).then(end);
  const waiting = (told: Waiting): void => {
    line.keep({ place: told.place, name: visitor.name, session: seat.session });
    banner.hide();
    joinScreen.hide();
    waitingRoom.show(told);
  };
  const events = {
    ...game.events,
    closed: (code: string, sentence: string): void => end({ sentence: endings[code] ?? sentence }),
    state: (state: Link['state']): void => {
      if (state === 'playing') isIn();
      game.events.state(state);
    },
    trouble: (code: string, sentence: string): void => {
      // Left to itself, the connection would come back as somebody new.
      if (code === 'session_unknown') end(forgotten(seat));
      else game.events.trouble(code, sentence);
    },
  };
  try {
    const place = visitor.place;
    const keep = (session: string): void => seat.keep(session);
    const link = await world.join({ ...visitor, place, keep, waiting, signal: leaving.signal }, events);
    if (visitor.byCookie === true) void account.dropCookie();
    rememberName(link.me?.name ?? visitor.name ?? '');
    joinScreen.hide();
    banner.hide();
    isIn();
    game.enter(link);
    const ending = await ended;
    link.close();
    game.leave();
    return ending;
  } catch (error) {
    if (error instanceof LifeverseError && error.code === 'session_unknown') return forgotten(seat);
    return { sentence: error instanceof Error ? error.message : String(error) };
  } finally {
    isIn();
  }
}

function forgotten(seat: Seat): Ending {
  seat.forget();
  return { sentence: endings.session_unknown ?? '' };
}

/** First the connection: the server ends one that has no session, and it would come back as somebody new. */
async function logOut({ game, account, seat, joinScreen }: VisitParts): Promise<Ending> {
  game.link?.close();
  try {
    await account.logOut();
  } catch (error) {
    if (!(error instanceof AccountRefused)) throw error;
    return { sentence: `You are still logged in here. ${error.message}` };
  }
  seat.forget();
  joinScreen.forget();
  return { sentence: LOGGED_OUT };
}
