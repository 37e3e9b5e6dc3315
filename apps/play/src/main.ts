import { LifeverseError } from '@lifeverse/client';
import { describeWorld, offerName, type WorldDescription } from './api.ts';
import { Game } from './game.ts';
import { calmPreference } from './motion.ts';
import { Camera } from './scene/camera.ts';
import { Scene } from './scene/scene.ts';
import { platformClaim, platformStorages, type Seat, takeSeat } from './session.ts';
import { Banner } from './ui/banner.ts';
import { element } from './ui/element.ts';
import { JoinScreen, rememberName, storedName } from './ui/join-screen.ts';
import { type PlayableWorld, playableWorld } from './worlds.ts';

const SHARP_PX_PER_M = 48;
const PLAIN_PX_PER_M = 34;

const banner = new Banner();
const joinScreen = new JoinScreen(offerName);

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
async function play(world: PlayableWorld, game: Game, seat: Seat): Promise<never> {
  let name = seat.returning ? storedName() : '';
  let problem = '';
  let session = seat.session;
  for (;;) {
    if (!seat.returning || name === '' || problem !== '') name = await joinScreen.ask(problem);
    const ended = Promise.withResolvers<string>();
    try {
      const keep = (next: string): void => {
        session = next;
        seat.keep(next);
      };
      const link = await world.join({ name, session, keep }, { ...game.events, closed: ended.resolve });
      rememberName(link.me?.name ?? name);
      joinScreen.hide();
      banner.hide();
      game.enter(link);
      problem = await ended.promise;
      game.leave();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      if (error instanceof LifeverseError && error.code === 'session_unknown') session = undefined;
    }
    if (session === undefined) seat.forget();
  }
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
  const [scene, seat] = await Promise.all([openScene(world, calm), takeSeat(platformStorages(), platformClaim())]);
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
  await play(world, game, seat);
}

start().catch((error: unknown) => {
  console.error(error);
  const sentence = error instanceof Error ? error.message : String(error);
  banner.show(sentence, { label: 'Reload', run: () => location.reload() });
});
