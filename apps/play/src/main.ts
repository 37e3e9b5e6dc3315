import { Account } from './account.ts';
import { describeWorld, offerName, type WorldDescription } from './api.ts';
import { platformOf } from './device-words.ts';
import { Game } from './game.ts';
import { calmPreference } from './motion.ts';
import { leaveFor } from './provider-trip.ts';
import { Camera } from './scene/camera.ts';
import { Scene } from './scene/scene.ts';
import { platformClaim, platformStorages, takeSeat } from './session.ts';
import { AccountPanel } from './ui/account-panel.ts';
import { Banner } from './ui/banner.ts';
import { element } from './ui/element.ts';
import { JoinScreen } from './ui/join-screen.ts';
import { LogInForm } from './ui/log-in-form.ts';
import { WaitingRoom } from './ui/waiting-room.ts';
import { visits } from './visits.ts';
import { takeWaitingPlace } from './waiting-place.ts';
import { type PlayableWorld, playableWorld } from './worlds.ts';

const SHARP_PX_PER_M = 48;
const PLAIN_PX_PER_M = 34;

/** A server that does not answer is asked again by itself, by all who wait for it not at once. */
const AGAIN_MS = { least: 3_000, spread: 3_000 } as const;

const banner = new Banner();

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
      const timer = setTimeout(again.resolve, AGAIN_MS.least + Math.random() * AGAIN_MS.spread);
      await again.promise;
      clearTimeout(timer);
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
  const held = {
    get session() {
      return seat.session;
    },
    keep: (session: string): void => {
      seat.keep(session);
      game.link?.client.useSession(session);
    },
  };
  const account = new Account(held, platformOf(navigator.userAgent));
  const accountPanel = new AccountPanel(account, { name: () => game.link?.me?.name ?? 'your character', leaveFor });
  const game = new Game({
    scene,
    view: world.view,
    banner,
    accountPanel,
    calm,
    mutedUntil: () => account.mutedUntil(),
  });
  const joinScreen = new JoinScreen(offerName, new LogInForm(account, leaveFor));
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
  await visits({ world, game, seat, line, account, accountPanel, joinScreen, waitingRoom: new WaitingRoom(), banner });
}

start().catch((error: unknown) => {
  console.error(error);
  const sentence = error instanceof Error ? error.message : String(error);
  banner.show(sentence, { label: 'Reload', run: () => location.reload() });
});
