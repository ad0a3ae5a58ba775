import type { Me } from "@gridhall/domain/staff/api.ts";
import type { Permission } from "@gridhall/domain/staff/roles.ts";
import { createContext, useContext } from "react";

export const MeContext = createContext<Me | null>(null);

/** The person signed in. Only below the shell. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("nobody is signed in here");
  return me;
}

export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}
