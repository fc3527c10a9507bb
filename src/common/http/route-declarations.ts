import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import type { AuditAction } from '../../audit/audit.js';

/**
 * Who may call a route. `staff`: any person who has signed in; `school`, `authority`: signed in for such a post;
 * `force-user`: a person of a force; `administrator`: of this installation; `force-client`: a police system's access
 * token; `embedded-only`: anybody, but only where the demonstration area runs (elsewhere it does not exist: 404).
 */
export type Audience =
  | 'public'
  | 'embedded-only'
  | 'staff'
  | 'school'
  | 'authority'
  | 'force-user'
  | 'administrator'
  | 'force-client';

export interface AccessRule {
  /** Any one of these suffices. */
  readonly audiences: readonly Audience[];
  /** What a police system's token must be good for. */
  readonly scope: string | null;
}

/** What the route puts on the record, or why it puts nothing there: `none: shows no person's data`. */
export type AuditDeclaration = AuditAction | `none: ${string}`;

const ACCESS = Symbol('access');
const AUDITED = Symbol('audited');
type Handler = object;

/** Who may call this route. On the handler; every handler has its own. */
export function Access(who: 'force-client', scope: string): MethodDecorator;
export function Access(...audiences: Exclude<Audience, 'force-client'>[]): MethodDecorator;
export function Access(...args: string[]): MethodDecorator {
  const rule: AccessRule =
    args[0] === 'force-client'
      ? { audiences: ['force-client'], scope: args[1] ?? null }
      : { audiences: args as Audience[], scope: null };
  return (_target, _name, descriptor) => {
    Reflect.defineMetadata(ACCESS, rule, descriptor.value as Handler);
  };
}

/** Every event that this route may write, or `none: <reason>`. */
export function Audited(...actions: [AuditDeclaration, ...AuditDeclaration[]]): MethodDecorator {
  return (_target, _name, descriptor) => {
    Reflect.defineMetadata(AUDITED, actions, descriptor.value as Handler);
  };
}

export function accessOf(handler: Handler): AccessRule | undefined {
  return Reflect.getMetadata(ACCESS, handler) as AccessRule | undefined;
}

export function auditOf(handler: Handler): readonly AuditDeclaration[] | undefined {
  return Reflect.getMetadata(AUDITED, handler) as readonly AuditDeclaration[] | undefined;
}

export interface DeclaredRoute {
  /** `InboxController.show`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly access: AccessRule | undefined;
  readonly audit: readonly AuditDeclaration[] | undefined;
}

/** All routes of a controller class, with what they declare. */
export function routesOf(controller: Type): DeclaredRoute[] {
  const prefixes = [Reflect.getMetadata(PATH_METADATA, controller) as string | string[]].flat();
  const prototype = controller.prototype as Record<string, unknown>;
  const routes: DeclaredRoute[] = [];
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const handler = Object.getOwnPropertyDescriptor(prototype, name)?.value as Handler | undefined;
    if (
      name === 'constructor' ||
      typeof handler !== 'function' ||
      !Reflect.hasMetadata(PATH_METADATA, handler)
    )
      continue;
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
    for (const prefix of prefixes) {
      for (const path of [Reflect.getMetadata(PATH_METADATA, handler) as string | string[]].flat()) {
        routes.push({
          name: `${controller.name}.${name}`,
          method,
          path: `/${[prefix, path]
            .map((part) => part.replaceAll(/^\/+|\/+$/g, ''))
            .filter(Boolean)
            .join('/')}`,
          access: accessOf(handler),
          audit: auditOf(handler),
        });
      }
    }
  }
  return routes;
}

/** @returns one line for each route that does not say who may call it or what it puts on the record. */
export function undeclaredRoutes(routes: readonly DeclaredRoute[]): string[] {
  return routes.flatMap((route) => {
    const missing: string[] = [];
    if (!route.access?.audiences.length) missing.push('@Access');
    if (route.access?.audiences.includes('force-client') && !route.access.scope) missing.push('a scope');
    const reasonless = route.audit?.some(
      (entry) => entry.startsWith('none:') && entry.length < 'none: why'.length,
    );
    if (!route.audit || reasonless) missing.push('@Audited');
    return missing.length === 0
      ? []
      : [`${route.method} ${route.path} (${route.name}) lacks ${missing.join(' and ')}`];
  });
}
