internal import HTTPTypes
internal import Hummingbird
internal import ScorerCore
internal import ScorerStore

/// Health checks for load balancers: whether the process runs, and whether it can answer.
struct HealthRoutes {
    let scorer: Scorer

    func add(to router: Router<BasicRequestContext>) {
        router.get("healthz") { _, _ in HTTPResponse.Status.noContent }
        router.get("readyz") { _, _ in
            _ = try await scorer.store.nonceKeys()
            return HTTPResponse.Status.noContent
        }
    }
}
