internal import DeviceIdentity
internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

/// What operators of the fleet decide, and the rows that Cloudflare asks about in vain.
struct FleetOperators {
    let fleet: SampleFleet
    let store: any ScorerDatabase
    private var generator: SeededGenerator

    private static let actor = "alice (uid 1000) by command line"

    init(_ batch: Int, of fleet: SampleFleet, store: any ScorerDatabase) {
        (self.fleet, self.store) = (fleet, store)
        generator = SeededGenerator(seed: ~fleet.seed &+ UInt64(batch) &* 0x9E6C_63D0_876A_68EE)
    }

    /// Creates the token by which some devices register, and two that nobody uses.
    mutating func createTokens() async throws {
        for hash in [fleet.tokenHash, generator.digest(), generator.digest()] {
            let token = EnrolmentToken(
                hash: hash,
                createdAt: fleet.now.adding(seconds: -86_400),
                expiresAt: fleet.now.adding(seconds: 86_400),
                usesLeft: 10_000_000,
                createdBy: Self.actor
            )
            _ = try await store.commit([.addToken(token)], audit: entry("token.create", hash, "until next year"))
        }
    }

    /// Imports lines of the inventory for some machines: thirty of a hundred, or as many as an inventory has room for.
    mutating func importInventory(of machines: [SampleMachine]) async throws {
        let share = min(300_000, 90_000 * 1_000_000 / fleet.count)
        var items: [InventoryItem] = []
        for machine in machines where Int.random(in: 0..<1_000_000, using: &generator) < share {
            guard let serial = Identifier(.serial, machine.serial)?.value else { continue }
            let name = generator.chance(perMille: 20) ? "another.example.com" : machine.certificate.verdict.commonName
            let expected = generator.chance(perMille: 500) ? name : nil
            items.append(
                InventoryItem(
                    serial: serial,
                    certificateName: expected,
                    tag: generator.pick(["it", "dev", nil]),
                    warpID: generator.chance(perMille: 100) ? machine.warpIDs.first : nil
                )
            )
        }
        _ = try await store.commit([.importInventory(items, replacing: false, at: fleet.now)])
    }

    /// Blocks one machine of a thousand, and waives a rule for three.
    mutating func decide(about machines: [SampleMachine]) async throws {
        let blocked = machines.filter { _ in generator.chance(perMille: 1) }.map(\.device)
        let records = try await store.load(.init(devices: Set(blocked))).records
        var commits = blocked.compactMap { records[$0] }.map { record in
            let blocks = record.blockKeys.map { key in
                Change.block(
                    Block(
                        kind: key.kind,
                        value: key.value,
                        device: record.device,
                        reason: "stolen",
                        createdBy: Self.actor,
                        createdAt: fleet.now
                    )
                )
            }
            return Commit(blocks, audit: entry("device.block", record.device.rawValue, "stolen"))
        }
        for machine in machines where generator.chance(perMille: 3) {
            let waiver = Waiver(
                device: machine.device,
                rule: "disk_encrypted",
                expiresAt: fleet.now.adding(seconds: Int64.random(in: -10...100, using: &generator) * 86_400),
                reason: "a new disk is ordered",
                createdBy: Self.actor,
                createdAt: fleet.now.adding(seconds: -11 * 86_400)
            )
            commits.append(
                Commit([.waive(waiver)], audit: entry("waiver.add", machine.device.rawValue, waiver.reason))
            )
        }
        guard !commits.isEmpty else { return }
        _ = try await store.commit(commits)
    }

    /// Gives tags to one machine of twenty, notices to five of a thousand, and a row to most that have told its id.
    mutating func useRows(of machines: [SampleMachine]) async throws {
        var commits: [Commit] = []
        for machine in machines {
            let device = machine.device
            if generator.chance(perMille: 50) {
                let tag = DeviceTag(generator.pick(["it", "dev", "server"]), .operators)
                commits.append(Commit([.tag(device, [tag])], audit: entry("device.tag", device.rawValue, tag.name)))
            }
            if generator.chance(perMille: 5) {
                let kind = generator.pick(IdentityNotice.Kind.allCases)
                let other = kind == .lending ? generator.uuid() : ""
                let since = fleet.now.adding(seconds: -Int64.random(in: 0..<30 * 86_400, using: &generator))
                commits.append(Commit([.notice(IdentityNotice(kind, of: device, other: other, since: since))]))
            }
            guard let row = machine.warpIDs.first, !machine.life.reports.isEmpty, generator.chance(perMille: 950)
            else { continue }
            let use = RowUse(
                device: device,
                row: row,
                kind: .warp,
                strength: machine.certificate.verdict.proves ? .proven : .reported,
                agreeing: generator.pick([[.serial, .mac, .hostname, .ipv4], [.mac, .ipv4], [.serial], []]),
                askedAt: fleet.now.adding(seconds: -Int64.random(in: 0..<7200, using: &generator))
            )
            commits.append(Commit([.use(device, use, insteadOf: nil)]))
        }
        _ = try await store.commit(commits)
    }

    /// Remembers rows of machines without an agent: two for a hundred machines.
    mutating func rememberUnmatched(_ count: Int) async throws {
        let rows = (0..<count).map { index in
            UnmatchedDevice(
                warpID: generator.uuid(),
                serial: Hexadecimal.encode(generator.bytes(4)),
                hostname: "mac-\(Hexadecimal.encode(generator.bytes(3)))",
                email: "user\(index)@example.com",
                ipv4: "100.96.1.\(index % 250)",
                reason: "no device claims it",
                firstAt: fleet.now.adding(seconds: -86_400),
                lastAt: fleet.now.adding(seconds: -Int64(index))
            )
        }
        try await store.remember(rows, matched: [])
    }

    private mutating func entry(_ action: String, _ subject: String, _ detail: String) -> AuditEntry {
        AuditEntry(
            id: Base64URL.encode(generator.bytes(16)),
            at: fleet.now.adding(seconds: -Int64.random(in: 0..<30 * 86_400, using: &generator)),
            actor: Self.actor,
            action: action,
            subject: subject,
            detail: detail
        )
    }
}
