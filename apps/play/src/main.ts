import { LifeverseError, type Waiting } from '@lifeverse/client';
import { describeWorld, offerName, type WorldDescription } from './api.ts';
import { Game } from './game.ts';
import type { Link } from './link.ts';
import { calmPreference } from './motion.ts';
import { Camera } from './scene/camera.ts';
import { Scene } from './scene/scene.ts';
import { platformClaim, platformStorages, type Seat, takeSeat } from './session.ts';
import { Banner } from './ui/banner.ts';
import { element } from './ui/element.ts';
import { JoinScreen, rememberName, storedName } from './ui/join-screen.ts';
import { WaitingRoom } from './ui/waiting-room.ts';
import { takeWaitingPlace, type WaitingPlace } from './waiting-place.ts';
import { type PlayableWorld, playableWorld } from './worlds.ts';

const SHARP_PX_PER_M = 48;
const PLAIN_PX_PER_M = 34;
const LEFT_LINE = 'You left the line. Come back whenever you like.';

const banner = new Banner();
const joinScreen = new JoinScreen(offerName);
const waitingRoom = new WaitingRoom();

/** So much of the world that a phone shows a street and a desk a square; CSS pixels a metre. */
function usualZoom(): number {
  return Math.min(38, Math.max(25, Math.min(innerWidth, innerHeight) / 21));
}

async function openScene(world: PlayableWorld, calm: () => boolean): Promise<Scene> {
  const canvas = element('world', HTMLCanvasElement);
  const pxPerM = devicePixelRatio > 1.2 ? SHARP_PX_PER_M : PLAIN_PX_PER_M;
  const camera = new Camera(usualZoom(), calm);
  camera.resize(innerWidth, innerHeight);
  camera.jump(world.view.x, world.view.y);
  const scene = await Scene.open(canvas, world.subject, camera, pxPerM, calm);
  const fill = (): void => scene.resize(innerWidth, innerHeight);
  fill();
  addEventListener('resize', fill);
  return scene;
}

/** Joins, and asks again when that did not work or the world was left. */
async function play(world: PlayableWorld, game: Game, seat: Seat, line: WaitingPlace): Promise<never> {
  let waiter = line.waiter;
  let name = waiter?.name ?? (seat.returning ? storedName() : '');
  let problem = '';
  let session = waiter === undefined ? seat.session : waiter.session;
  for (;;) {
    const goesOn = waiter !== undefined || seat.returning;
    if (!goesOn || name === '' || problem !== '') name = await joinScreen.ask(problem);
    const turn = takeTurn({ game, line, name: () => name, session: () => session });
    try {
      const keep = (next: string): void => {
        session = next;
        seat.keep(next);
      };
      const { place } = waiter ?? { place: undefined };
      waiter = undefined;
      const link = await world.join({ name, session, place, keep, ...turn }, turn.events);
      rememberName(link.me?.name ?? name);
      joinScreen.hide();
      banner.hide();
      turn.isIn();
      game.enter(link);
      problem = await turn.ended;
      link.close();
      game.leave();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      if (error instanceof LifeverseError && error.code === 'session_unknown') session = undefined;
    }
    turn.isIn();
    if (session === undefined) seat.forget();
  }
}

interface TurnParts {
  readonly game: Game;
  readonly line: WaitingPlace;
  name(): string;
  session(): string | undefined;
}

/** One stay in the world, with all the waiting in line before it and in it. */
function takeTurn({ game, line, name, session }: TurnParts) {
  const leaving = new AbortController();
  const ended = Promise.withResolvers<string>();
  waitingRoom.onLeave = () => {
    leaving.abort(new Error(LEFT_LINE));
    ended.resolve(LEFT_LINE);
  };
  const isIn = (): void => {
    waitingRoom.hide();
    line.forget();
  };
  return {
    signal: leaving.signal,
    ended: ended.promise,
    isIn,
    waiting: (waiting: Waiting): void => {
      line.keep({ place: waiting.place, name: name(), session: session() });
      banner.hide();
      joinScreen.hide();
      waitingRoom.show(waiting);
    },
    events: {
      ...game.events,
      closed: ended.resolve,
      state: (state: Link['state']): void => {
        if (state === 'playing') isIn();
        game.events.state(state);
      },
    },
  };
}

function guestsNow(players: number): string {
  if (players === 0) return '';
  return players === 1 ? ' One guest is here now.' : ` ${players} guests are here now.`;
}

async function describe(): Promise<WorldDescription> {
  for (;;) {
    try {
      return await describeWorld();
    } catch (error) {
      const again = Promise.withResolvers<void>();
      banner.show(String((error as Error).message), { label: 'Try again', run: again.resolve });
      await again.promise;
      banner.show('Looking for the server…');
    }
  }
}

async function start(): Promise<void> {
  const described = await describe();
  const world = playableWorld(described);
  banner.hide();
  const calm = calmPreference();
  const [storages, claim] = [platformStorages(), platformClaim()];
  const [scene, seat, line] = await Promise.all([
    openScene(world, calm),
    takeSeat(storages, claim),
    takeWaitingPlace(storages, claim, () => crypto.randomUUID()),
  ]);
  const game = new Game(scene, world.view, banner, calm);
  Object.assign(globalThis, {
    lifeverse: {
      get client() {
        return game.link?.client ?? null;
      },
      get stats() {
        return {
          ...game.link?.stats,
          drawn: game.drawn,
          fps: game.meter.fps,
          frames: game.meter.frames,
          scriptMs: game.meter.lastScriptMs(),
        };
      },
    },
  });
  document.body.dataset.stage = 'joining';
  joinScreen.invite(`${world.line}${guestsNow(described.players)}`, world.invitation);
  await play(world, game, seat, line);
}

start().catch((error: unknown) => {
  console.error(error);
  const sentence = error instanceof Error ? error.message : String(error);
  banner.show(sentence, { label: 'Reload', run: () => location.reload() });
});
