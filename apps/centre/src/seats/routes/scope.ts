import { isWithin } from "@gridhall/domain/seats/schema.ts";
import type { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import type { Viewer } from "../../web/access.ts";
import { HallError } from "../../web/errors.ts";

/** Whoever manages seats of a unit changes nothing above or beside it. Row-level security would refuse too, without words. */

const pathsOf = ({ scope }: Viewer): readonly string[] | null => (scope.kind === "system" ? null : scope.paths);

export function requireWithin(viewer: Viewer, unitPath: string, field: string): void {
  if (pathsOf(viewer)?.some((root) => isWithin(unitPath, root)) === false)
    throw new HallError("unit.out-of-scope", 403, `${field}: ${unitPath} is not one of your units`, { field });
}

/** The unit that what a person makes belongs to: their own where the permission reaches it, else the first they have it for. */
export function unitOf(viewer: Viewer): string {
  const own = viewer.staff.unit_path;
  const paths = pathsOf(viewer) ?? [own];
  return paths.some((root) => isWithin(own, root)) ? own : (paths[0] ?? own);
}

/** A policy catches calls only of units that its author manages: everything, for who manages the root `rootPath`. */
export function requireOwnCalls(viewer: Viewer, { match }: Pick<RoutingPolicy, "match">, rootPath: string): void {
  const paths = pathsOf(viewer);
  if (paths === null || paths.some((root) => isWithin(rootPath, root))) return;
  const fits = match.units.length > 0 && match.units.every((unit) => paths.some((root) => isWithin(unit, root)));
  if (!fits)
    throw new HallError(
      "policy.beyond-unit",
      403,
      `match.units: name units of your own (${paths.join(", ")}), or the policy would take calls of others`,
      { field: "match.units" },
    );
}
