import type { Screen } from "@gridhall/domain/kiosk/view.ts";

export type ScreenOf<Kind extends Screen["kind"]> = Extract<Screen, { kind: Kind }>;
