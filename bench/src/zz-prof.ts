import { ManualClock, Random } from '/work/main/packages/base/src/index.ts';
import { ZoneCore } from '/work/main/packages/world/src/index.ts';
import { ClientCore } from '/work/main/packages/sync/src/client/index.ts';
import { GatewayCore } from '/work/main/services/gateway/src/core/index.ts';
import { open } from '/work/main/worlds/open/src/index.ts';
import { serve, system } from '/work/main/packages/world/src/index.ts'; const rules=(world:any,o:any)=>serve(world,{join:({self,random,map}:any)=>{self.teleport({x:random.between(1,map.widthMm/1000-1),y:random.between(1,map.heightMm/1000-1)})},systems:o.storm?[system({},({self,random}:any)=>{if(self.held===null)return;self.act('walk',{towards:random.float()*6.28,pace:'run'})})]:[]} as any);
const N = Number(process.argv[2] ?? 100), S = Number(process.argv[3] ?? 10), storm = process.argv[4]==='storm';
const world = open({ areaM2: N * 1000 });
const clock = new ManualClock(0);
let zone: ZoneCore; let gw: GatewayCore;
const toGw: Uint8Array[] = [], toZone: Uint8Array[] = [];
zone = new ZoneCore({ served: rules(world, {storm}) as never, zone: 1, epoch: 1, seed: 1, clock, options: {}, ports: { toGateway: (_g, b) => toGw.push(b), truth() {}, fault: (w, e) => { console.log(w, e); process.exit(1);} } });
gw = new GatewayCore({ gateway: 'g1', generation: 1, layout: world.layout, zone: 1, ports: { toZone: (_z, b) => toZone.push(b), redeem: (t) => ({ character: t, incarnation: 1, name: t }), allocate: (n) => new Uint8Array(n) } });
const clients: any[] = [];
let bytesOut = 0, msgs=0;
function deliver(c: any, bytes: Uint8Array) { bytesOut += bytes.length; let at = 0; while (at < bytes.length) { let len = bytes[at+1]!; at += 2; if (len === 126) { len = bytes[at]! * 256 + bytes[at+1]!; at += 2; } (!c.joined||c.full)&&c.core.receive(bytes.subarray(at, at+len), clock.nowMs()); at += len; msgs++; } }
const rnd = new Random(5);
for (let i = 0; i < N; i++) {
  const c: any = { out: [], nextTurn: 0 };
  c.core = new ClientCore(world as never, { send: (b) => gw.receive(c.conn, b, clock.nowMs()), joined() { c.joined = true; }, entered() {}, left() {}, heard() {}, refused(code) { console.log('refused', code); } });
  c.conn = gw.connect({ write: (b) => deliver(c, b), bufferedBytes: () => 0, close: (code) => console.log('closed', code) }, 0);
  c.core.open('c' + i); clients.push(c);
}
const ZZ:number[]=[],GG:number[]=[],FF:number[]=[]; const med=(a:number[])=>a.sort((x,y)=>x-y)[a.length>>1]!/1000/N; let errs: number[] = [], own: number[]=[];
const truth = new Map<number, Map<number,[number,number]>>();
let t0=0, b0=0;
for (let tick = 1; tick <= S * 20; tick++) {
  for (let k=0;k<4;k++){ clock.advanceTo(tick * 50 - 50 + k*12.5+1);
  for (const c of clients) { c.core.update(clock.nowMs()); if (c.joined && clock.nowMs() > c.nextTurn) { c.nextTurn = clock.nowMs() + 1000 + rnd.float()*2000; c.core.command('walk', { towards: rnd.float()*6.28, pace: 'run' }, clock.nowMs()); } }
  gw.flush(clock.nowMs()); gw.timer(clock.nowMs());
  for (const b of toZone.splice(0)) zone.uplink(b, clock.nowMs()); }
  clock.advanceTo(tick*50);
  const q0=process.hrtime.bigint(); zone.tick(tick, tick * 50); const q1=process.hrtime.bigint(); if(tick>60){ZZ.push(Number(q1-q0));}
  const snap = new Map<number,[number,number]>(); for (let r=0;r<zone.store.end;r++) if(zone.store.id[r]) snap.set(zone.store.id[r]!, [zone.store.x[r]!, zone.store.y[r]!]); truth.set(tick, snap); truth.delete(tick-40);
  for (const b of toGw.splice(0)) { const q2=process.hrtime.bigint(); gw.bundle(b, clock.nowMs()); const q3=process.hrtime.bigint(); while (gw.fanOut(100, clock.nowMs())); const q4=process.hrtime.bigint(); if(tick>60){GG.push(Number(q3-q2));FF.push(Number(q4-q3));} }
  if (tick === 40) { t0 = process.cpuUsage().user; b0 = bytesOut; }
  if (tick > 60) if(0)for (const c of clients.slice(0,10)) { const st = c.core.shownTick(clock.nowMs()); const a = truth.get(Math.floor(st)), b = truth.get(Math.ceil(st)); const o={x:0,y:0,vx:0,vy:0};
    for (const e of c.core.entities.values()) { if (e.id===c.core.session.welcome.entity) continue; const p=a?.get(e.id), q=b?.get(e.id); if(!p||!q) continue; e.track.at(st,o); const f0=st-Math.floor(st); if (Math.hypot(o.x-p[0],o.y-p[1])>1500 && !c.dbg) { c.dbg=1; console.log("BAD", tick, st, e.id, o, p, JSON.stringify(e.shadow), e.awaitedSinceMs, e.generation, zone.store.generation[zone.store.rowOf(e.id)!], "cell", Math.floor(p[0]/32000), Math.floor(p[1]/32000), "anchor", c.core.session.replica.anchorX,c.core.session.replica.anchorY); }  const f=st-Math.floor(st); errs.push(Math.hypot(o.x-(p[0]+(q[0]-p[0])*f), o.y-(p[1]+(q[1]-p[1])*f))); }
     }
}
errs.sort((a,b)=>a-b); own.sort((a,b)=>a-b);
console.log(JSON.stringify({zone_us: med(ZZ), gw_us: med(GG), fan_us: med(FF)})); console.log({ cpu_us_per_pt: (process.cpuUsage().user - t0) / (N * (S*20-40)), bytes_ps: (bytesOut - b0) / N / (S - 2), errP50: errs[errs.length>>1], errP95: errs[Math.floor(errs.length*.95)], max: errs.at(-1), ownMax: own.at(-1), n: errs.length, cells: clients[0].core.cellsInView, ents: clients.reduce((s,c)=>s+c.core.entities.size,0)/N, vd: clients[0].core.viewDelayMs });
console.log(gw.counters, gw.gauges(), gw.refusals); console.log(zone.counters, zone.gauges()); console.log(clients[0].core.counters, clients.reduce((s,c)=>s+c.core.counters.rekeys,0));
