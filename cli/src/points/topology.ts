/** What runs, as a gateway has heard of it. */
export interface Topology {
  readonly gateways: readonly string[];
  readonly backends: readonly string[];
  readonly zones: readonly RunningZone[];
}

export interface RunningZone {
  readonly zone: string;
  /** Another server has the second copy of it. */
  readonly hasStandby: boolean;
}

/** Who has said nothing for so long does not run. */
const SILENT_S = 5;
const AGE = /^lifeverse_telemetry_age_seconds\{([^}]*)\} (\S+)/gm;
const STANDBY = /^lifeverse_zone_standby\{([^}]*)\} (\S+)/gm;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** From the text of a gateway's `/metrics`. */
export function topologyOf(metrics: string): Topology {
  const running = (role: string): string[] =>
    read(metrics, AGE).flatMap(({ labels, value }) =>
      labels.get('role') === role && value < SILENT_S ? [labels.get('instance') ?? ''] : [],
    );
  const secured = new Set(
    read(metrics, STANDBY).flatMap(({ labels, value }) => (value === 1 ? [labels.get('instance')] : [])),
  );
  return {
    gateways: running('gateway').sort(),
    backends: running('backend').sort(),
    zones: running('zone')
      .sort()
      .map((zone) => ({ zone, hasStandby: secured.has(zone) })),
  };
}

function read(metrics: string, series: RegExp): { labels: ReadonlyMap<string, string>; value: number }[] {
  return [...metrics.matchAll(series)].map(([, labels = '', value]) => ({
    labels: new Map([...labels.matchAll(LABEL)].map(([, name = '', text = '']) => [name, text])),
    value: Number(value),
  }));
}
