import { expect, it } from 'vitest';
import { topologyOf } from './topology.ts';

const page = `# HELP lifeverse_telemetry_age_seconds Time since a role last reported about itself.
# TYPE lifeverse_telemetry_age_seconds gauge
lifeverse_telemetry_age_seconds{role="zone",instance="zone-2"} 0.4
lifeverse_telemetry_age_seconds{role="zone",instance="zone-1"} 0.9
lifeverse_telemetry_age_seconds{role="zone",instance="zone-7"} 61
lifeverse_telemetry_age_seconds{role="gateway",instance="eu \\"a\\""} 0
lifeverse_telemetry_age_seconds{role="backend",instance="backend"} 1.1
lifeverse_zone_standby{instance="zone-1"} 1
lifeverse_zone_standby{instance="zone-2"} 0
`;

it('who reported lately runs, and zones have a second copy or not', () => {
  expect(topologyOf(page)).toEqual({
    gateways: ['eu \\"a\\"'],
    backends: ['backend'],
    zones: [
      { zone: 'zone-1', hasStandby: true },
      { zone: 'zone-2', hasStandby: false },
    ],
  });
});

it('what is no such page tells of nobody', () => {
  expect(topologyOf('<!doctype html>')).toEqual({ gateways: [], backends: [], zones: [] });
});
