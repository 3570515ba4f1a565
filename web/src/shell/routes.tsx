/** Every address of the console and the page behind it; a page's code is loaded when it is opened. */
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { caseSearch, search as cases } from "@/console/cases/search";
import { search as connections, wizardSearch } from "@/console/connections/search";
import { search as deliveries } from "@/console/deliveries/search";
import { oneSearch as oneMessage, search as messages } from "@/console/messages/search";
import { search as insight } from "@/console/insight/search";
import { search as lifecycle } from "@/console/lifecycle/search";
import { search as orders } from "@/console/orders/search";
import { search as order } from "@/console/order/search";
import { search as mappings } from "@/console/mappings/search";
import { search as erasures } from "@/console/settings_erasures/search";
import { search as unmaskings } from "@/console/settings_unmaskings/search";
import { search as audit } from "@/console/settings_audit/search";
import { search as notifications } from "@/console/settings_notifications/search";
import { search as users } from "@/console/settings_users/search";
import { search as warehouses } from "@/console/settings_warehouses/search";
import { search as webhooks } from "@/console/settings_webhooks/search";
import { search as products } from "@/console/products/search";
import { search as works } from "@/console/works/search";
import { search as doubts } from "@/console/works_doubts/search";
import { search as printing } from "@/console/works_print/search";
import { search as floor } from "@/console/works_floor/search";
import { search as waves } from "@/console/works_waves/search";
import { oneSearch as oneStock, search as stock } from "@/console/stock/search";
import { search as heat } from "@/console/stock_heat/search";
import { search as stockDocuments } from "@/console/stock_documents/search";
import { search as purchasing } from "@/console/purchasing/search";
import { search as quotas } from "@/console/stock_quotas/search";
import { search as snapshots } from "@/console/stock_snapshots/search";
import { Crashed, Failed, Loading, NotFound } from "@/shared/states";
import { landingOf } from "./landing";
import { Layout } from "./layout";
import { meQuery } from "./me";

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  beforeLoad: ({ context }) => context.client.ensureQueryData(meQuery),
  component: Layout,
  errorComponent: ({ error }) => <Failed error={error} onRetry={() => window.location.reload()} />,
  notFoundComponent: NotFound,
});

const pages = [
  createRoute({
    getParentRoute: () => root, path: "/", component: lazyRouteComponent(() => import("@/console/home/page")),
    beforeLoad: async ({ context, preload }) => {
      const { preferences, scopes } = await context.client.ensureQueryData(meQuery);
      const href = preload ? "" : landingOf(preferences, scopes);
      if (href) throw redirect({ href });
    },
  }),
  createRoute({
    getParentRoute: () => root, path: "/insight", beforeLoad: () => { throw redirect({ to: "/insight/$board", params: { board: "overview" } }); },
  }),
  createRoute({
    getParentRoute: () => root, path: "/insight/$board", validateSearch: insight, component: lazyRouteComponent(() => import("@/console/insight/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/lifecycle", validateSearch: lifecycle, component: lazyRouteComponent(() => import("@/console/lifecycle/page")),
  }),
  createRoute({ getParentRoute: () => root, path: "/orders/new", component: lazyRouteComponent(() => import("@/console/enter/page")) }),
  createRoute({ getParentRoute: () => root, path: "/orders/$number/correct", component: lazyRouteComponent(() => import("@/console/enter/correct")) }),
  createRoute({
    getParentRoute: () => root, path: "/orders/$number", validateSearch: order,
    component: lazyRouteComponent(() => import("@/console/order/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/orders", validateSearch: orders,
    component: lazyRouteComponent(() => import("@/console/orders/page")),
  }),
  createRoute({ getParentRoute: () => root, path: "/settings/sourcing", component: lazyRouteComponent(() => import("@/console/settings_sourcing/page")) }),
  createRoute({ getParentRoute: () => root, path: "/settings/rules", component: lazyRouteComponent(() => import("@/console/settings_rules/page")) }),
  createRoute({
    getParentRoute: () => root, path: "/settings/roles",
    component: lazyRouteComponent(() => import("@/console/settings_roles/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/cases", validateSearch: cases,
    component: lazyRouteComponent(() => import("@/console/cases/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/cases/$id", validateSearch: caseSearch,
    component: lazyRouteComponent(() => import("@/console/cases/case")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/deliveries", validateSearch: deliveries,
    component: lazyRouteComponent(() => import("@/console/deliveries/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/works", validateSearch: works,
    component: lazyRouteComponent(() => import("@/console/works/page")),
  }),
  createRoute({ getParentRoute: () => root, path: "/works/doubts", validateSearch: doubts, component: lazyRouteComponent(() => import("@/console/works_doubts/page")) }),
  createRoute({ getParentRoute: () => root, path: "/works/floor", validateSearch: floor, component: lazyRouteComponent(() => import("@/console/works_floor/page")) }),
  createRoute({ getParentRoute: () => root, path: "/works/waves", validateSearch: waves, component: lazyRouteComponent(() => import("@/console/works_waves/page")) }),
  createRoute({ getParentRoute: () => root, path: "/works/together", component: lazyRouteComponent(() => import("@/console/works_together/page")) }),
  createRoute({ getParentRoute: () => root, path: "/works/print", validateSearch: printing, component: lazyRouteComponent(() => import("@/console/works_print/page")) }),
  createRoute({
    getParentRoute: () => root, path: "/messages", validateSearch: messages,
    component: lazyRouteComponent(() => import("@/console/messages/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/messages/$id", validateSearch: oneMessage,
    component: lazyRouteComponent(() => import("@/console/messages/one")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/account",
    component: lazyRouteComponent(() => import("@/console/settings_account/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/users", validateSearch: users,
    component: lazyRouteComponent(() => import("@/console/settings_users/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/unmaskings", validateSearch: unmaskings,
    component: lazyRouteComponent(() => import("@/console/settings_unmaskings/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/erasures", validateSearch: erasures,
    component: lazyRouteComponent(() => import("@/console/settings_erasures/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/tokens",
    component: lazyRouteComponent(() => import("@/console/settings_tokens/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/webhooks", validateSearch: webhooks,
    component: lazyRouteComponent(() => import("@/console/settings_webhooks/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/warehouses", validateSearch: warehouses,
    component: lazyRouteComponent(() => import("@/console/settings_warehouses/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/carriers",
    component: lazyRouteComponent(() => import("@/console/settings_carriers/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/notifications", validateSearch: notifications,
    component: lazyRouteComponent(() => import("@/console/settings_notifications/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/backup",
    component: lazyRouteComponent(() => import("@/console/settings_backup/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/settings/audit", validateSearch: audit,
    component: lazyRouteComponent(() => import("@/console/settings_audit/page")),
  }),
  createRoute({
    getParentRoute: () => root, path: "/connections", validateSearch: connections,
    component: lazyRouteComponent(() => import("@/console/connections/page")),
  }),
  createRoute({ getParentRoute: () => root, path: "/connections/new", component: lazyRouteComponent(() => import("@/console/connections/new/page")) }),
  createRoute({
    getParentRoute: () => root, path: "/connections/new/$connector", validateSearch: wizardSearch,
    component: lazyRouteComponent(() => import("@/console/connections/wizard/page")),
  }),
  createRoute({ getParentRoute: () => root, path: "/connections/$code", component: lazyRouteComponent(() => import("@/console/connections/one/page")) }),
  createRoute({
    getParentRoute: () => root, path: "/mappings/$code/$topic", validateSearch: mappings,
    component: lazyRouteComponent(() => import("@/console/mappings/page")),
  }),
  createRoute({ getParentRoute: () => root, path: "/stock", validateSearch: stock, component: lazyRouteComponent(() => import("@/console/stock/page")) }),
  createRoute({ getParentRoute: () => root, path: "/stock-formula", component: lazyRouteComponent(() => import("@/console/stock_formula/page")) }),
  createRoute({ getParentRoute: () => root, path: "/stock-heat", validateSearch: heat, component: lazyRouteComponent(() => import("@/console/stock_heat/page")) }),
  createRoute({ getParentRoute: () => root, path: "/stock/documents", validateSearch: stockDocuments, component: lazyRouteComponent(() => import("@/console/stock_documents/page")) }),
  createRoute({ getParentRoute: () => root, path: "/stock/documents/$number", component: lazyRouteComponent(() => import("@/console/stock_documents/one")) }),
  createRoute({ getParentRoute: () => root, path: "/stock/quotas", validateSearch: quotas, component: lazyRouteComponent(() => import("@/console/stock_quotas/page")) }),
  createRoute({ getParentRoute: () => root, path: "/stock/quotas/$number", component: lazyRouteComponent(() => import("@/console/stock_quotas/one")) }),
  createRoute({ getParentRoute: () => root, path: "/stock/snapshots", validateSearch: snapshots, component: lazyRouteComponent(() => import("@/console/stock_snapshots/page")) }),
  createRoute({ getParentRoute: () => root, path: "/stock/snapshots/$number", validateSearch: snapshots, component: lazyRouteComponent(() => import("@/console/stock_snapshots/one")) }),
  createRoute({ getParentRoute: () => root, path: "/stock/leaks", component: lazyRouteComponent(() => import("@/console/stock/leaked")) }),
  createRoute({ getParentRoute: () => root, path: "/stock/$sku", validateSearch: oneStock, component: lazyRouteComponent(() => import("@/console/stock/one")) }),
  createRoute({ getParentRoute: () => root, path: "/purchasing", validateSearch: purchasing, component: lazyRouteComponent(() => import("@/console/purchasing/suggestions")) }),
  createRoute({ getParentRoute: () => root, path: "/purchasing/tickets", validateSearch: purchasing, component: lazyRouteComponent(() => import("@/console/purchasing/tickets")) }),
  createRoute({ getParentRoute: () => root, path: "/purchasing/tickets/$number", component: lazyRouteComponent(() => import("@/console/purchasing/one")) }),
  createRoute({ getParentRoute: () => root, path: "/purchasing/suppliers", validateSearch: purchasing, component: lazyRouteComponent(() => import("@/console/purchasing/suppliers")) }),
  createRoute({ getParentRoute: () => root, path: "/purchasing/vmi", validateSearch: purchasing, component: lazyRouteComponent(() => import("@/console/purchasing/vmi")) }),
  createRoute({ getParentRoute: () => root, path: "/products", validateSearch: products, component: lazyRouteComponent(() => import("@/console/products/page")) }),
  createRoute({ getParentRoute: () => root, path: "/products/import", component: lazyRouteComponent(() => import("@/console/import_goods/page")) }),
  createRoute({ getParentRoute: () => root, path: "/products/$sku", component: lazyRouteComponent(() => import("@/console/products/one")) }),
];

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: root.addChildren(pages), context: { client }, defaultPendingComponent: () => <Loading />, defaultErrorComponent: Crashed,
    defaultPreload: "intent", scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
