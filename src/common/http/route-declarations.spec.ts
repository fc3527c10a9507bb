import { Controller, Get, Post } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Access, Audited, routesOf, undeclaredRoutes } from './route-declarations.js';

@Controller('things')
class Things {
  @Get()
  @Access('school', 'authority')
  @Audited('inbox.read')
  complete(): void {}

  @Post(':id/change')
  @Audited('notice.opened')
  withoutAccess(): void {}

  @Get('quiet')
  @Access('public')
  @Audited('none: ')
  withoutReason(): void {}

  @Get('bare')
  bare(): void {}

  helper(): void {}
}

class Clients {
  @Post()
  @Access('force-client', 'notifications:write')
  @Audited('notification.accepted', 'notification.replayed')
  send(): void {}
}
Controller('v1/notifications')(Clients);

describe('route declarations', () => {
  it('finds the routes of a controller, and nothing else', () => {
    expect(routesOf(Things).map((route) => `${route.method} ${route.path}`)).toEqual([
      'GET /things',
      'POST /things/:id/change',
      'GET /things/quiet',
      'GET /things/bare',
    ]);
  });

  it('names each route that lacks a declaration', () => {
    expect(undeclaredRoutes(routesOf(Things))).toEqual([
      'POST /things/:id/change (Things.withoutAccess) lacks @Access',
      'GET /things/quiet (Things.withoutReason) lacks @Audited',
      'GET /things/bare (Things.bare) lacks @Access and @Audited',
    ]);
  });

  it('keeps the scope a police system needs', () => {
    const [route] = routesOf(Clients);
    expect(route?.access).toEqual({ audiences: ['force-client'], scope: 'notifications:write' });
    expect(route?.audit).toEqual(['notification.accepted', 'notification.replayed']);
    expect(undeclaredRoutes(routesOf(Clients))).toEqual([]);
  });
});
