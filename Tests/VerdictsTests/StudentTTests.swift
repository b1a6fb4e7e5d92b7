import Testing
import Verdicts

#if canImport(Glibc)
    import Glibc
#endif

/// The distribution against values computed with 40 digits by mpmath 1.3 and checked with scipy 1.17.
@Suite struct StudentTTests {
    static let tails: [(degrees: Double, t: Double, tail: Double)] = [
        (1, 0.1, 0.46827448256944643),
        (1, 2.5, 0.1211189415908434),
        (1, 7, 0.045167235300866548),
        (1, 30, 0.010606402405535423),
        (2, 0.1, 0.46473271920707008),
        (2, 2.5, 0.064805860110755405),
        (2, 7, 0.0099019705901965688),
        (2, 30, 0.00055463134097982946),
        (3, 0.1, 0.46332617440040291),
        (3, 2.5, 0.043853323504032774),
        (3, 7, 0.0029931278488535495),
        (3, 30, 4.0676402135819797e-5),
        (7, 0.1, 0.46157402980239619),
        (7, 2.5, 0.020496109292876448),
        (7, 7, 0.00010577742597293621),
        (7, 30, 5.8942344403665701e-9),
        (4.5, 0.5, 0.32027475103702357),
        (4.5, 3, 0.017190433944379812),
        (4.5, 12, 6.89159882663652e-5),
        (4.5, 60, 5.2164995553774759e-8),
        (7.25, 0.5, 0.31594618523271595),
        (7.25, 3, 0.0095670664965845413),
        (7.25, 12, 2.4069597264523713e-6),
        (7.25, 60, 2.3994715364747043e-11),
        (12.5, 0.1, 0.46096516112514886),
        (12.5, 2.5, 0.013611628931693903),
        (12.5, 7, 5.7672002640901901e-6),
        (12.5, 30, 2.5153042708338046e-13),
        (18.5, 0.5, 0.31148512271789383),
        (18.5, 3, 0.0037591978290048602),
        (18.5, 12, 1.8028681366155862e-10),
        (18.5, 60, 5.853445610033598e-23),
        (30, 0.1, 0.46050480589513558),
        (30, 2.5, 0.0090578245340333471),
        (30, 7, 4.4349793336103216e-8),
        (30, 30, 3.125895815304444e-24),
        (1000, 0.1, 0.46018218451180206),
        (1000, 2.5, 0.0062892839005453984),
        (1000, 7, 2.3437512833857114e-12),
        (1000, 30, 7.6873437220217411e-142),
        (10000, 0.1, 0.46017316501553745),
        (10000, 2.5, 0.0062176097752918484),
        (10000, 7, 1.362015780339914e-12),
        (10000, 30, 1.0221635237127853e-189),
        (1e6, 0.1, 0.46017217274602158),
        (1e6, 2.5, 0.0062097447510816231),
        (1e6, 7, 1.2806120556870394e-12),
        (1e6, 30, 6.0100471168317189e-198),
    ]

    /// t with P(T > t) = tail.
    static let quantiles: [(degrees: Double, tail: Double, t: Double)] = [
        (1, 0.25, 1.0),
        (1, 0.025, 12.706204736174705),
        (1, 0.01, 31.820515953773958),
        (1, 1e-3, 318.30883898555045),
        (1, 1e-6, 318309.88618274347),
        (1, 1e-9, 318309886.18379067),
        (1, 1e-12, 318309886183.79067),
        (2, 0.25, 0.81649658092772603),
        (2, 0.025, 4.3026527297494639),
        (2, 0.01, 6.9645567342832742),
        (2, 1e-3, 22.327124770119875),
        (2, 1e-6, 707.1057205259338),
        (2, 1e-9, 22360.679741456877),
        (2, 1e-12, 707106.78118548686),
        (4, 0.25, 0.74069708411268263),
        (4, 0.025, 2.7764451051977944),
        (4, 0.01, 3.7469473879791968),
        (4, 1e-3, 7.1731822197823085),
        (4, 1e-6, 41.577854150450975),
        (4, 1e-9, 234.02761040611894),
        (4, 1e-12, 1316.0727465592565),
        (4.5, 0.25, 0.7328666862359945),
        (4.5, 0.025, 2.6589123472044038),
        (4.5, 1.25e-4, 10.470746583771809),
        (4.5, 1e-6, 31.081356583149239),
        (4.5, 1e-9, 144.53766345843914),
        (4.5, 1e-12, 670.94270250510597),
        (6.5, 0.25, 0.71409240105144916),
        (6.5, 0.025, 2.4020020079102777),
        (6.5, 1.25e-4, 7.2082088487494687),
        (6.5, 1e-12, 133.67514704773436),
        (7, 0.25, 0.71114177808178631),
        (7, 0.025, 2.3646242515927853),
        (7, 0.01, 2.9979515668685284),
        (7, 1e-3, 4.7852896286383341),
        (7, 1e-6, 14.241469651981446),
        (7, 1e-9, 38.705980643231614),
        (7, 1e-12, 104.0218292626472),
        (9, 0.25, 0.70272214675132637),
        (9, 0.025, 2.2621571627982055),
        (9, 1.25e-4, 5.8297357961980527),
        (9, 1e-12, 51.41491602328223),
        (12, 0.25, 0.69548286551179258),
        (12, 0.025, 2.1788128296672289),
        (12, 0.01, 2.6809979931209149),
        (12, 1e-3, 3.9296332646264919),
        (12, 1e-6, 8.5043027180545831),
        (12, 1e-9, 15.894813362266058),
        (12, 1e-12, 28.68765664933175),
        (18.5, 0.25, 0.6879824339902881),
        (18.5, 0.025, 2.0968593414647261),
        (18.5, 1.25e-4, 4.5181006603207567),
        (18.5, 1e-12, 16.300147235686937),
        (30, 0.25, 0.68275569332129255),
        (30, 0.025, 2.0422724563012383),
        (30, 0.01, 2.4572615424005914),
        (30, 1e-3, 3.3851848668293051),
        (30, 1e-6, 5.8711171204188826),
        (30, 1e-9, 8.4458627962742428),
        (30, 1e-12, 11.397217523311411),
        (200, 0.25, 0.6757184114042202),
        (200, 0.025, 1.9718962236339094),
        (200, 0.01, 2.3451370822594684),
        (200, 1e-3, 3.1314798142211215),
        (200, 1e-6, 4.8973021028267818),
        (200, 1e-9, 6.2863474268522634),
        (200, 1e-12, 7.5032476570726835),
        (10000, 0.25, 0.67451428448359243),
        (10000, 0.025, 1.9602012398906263),
        (10000, 0.01, 2.3267208386694757),
        (10000, 1e-3, 3.0910475160306121),
        (10000, 1e-6, 4.756229685056779),
        (10000, 1e-9, 6.0033554479471416),
        (10000, 1e-12, 7.0433716020557756),
        (1e6, 0.25, 0.67448999553108738),
        (1e6, 0.025, 1.959966356814107),
        (1e6, 0.01, 2.3263516031208054),
        (1e6, 1e-3, 3.0902404563165196),
        (1e6, 1e-6, 4.7534523482796808),
        (1e6, 1e-9, 5.9978624557108955),
        (1e6, 1e-12, 7.0345726084112566),
    ]

    static let betas: [(x: Double, a: Double, b: Double, value: Double)] = [
        (0.1, 0.5, 0.5, 0.20483276469913345),
        (0.5, 2, 3, 0.6875),
        (0.9, 2, 3, 0.9963),
        (0.01, 5, 0.5, 2.4712578086395444e-11),
        (0.999, 5, 0.5, 0.9222819921009668),
        (0.3, 100, 200, 0.10884306564490984),
        (0.5, 10, 0.5, 0.0002334474347486224),
        (0.25, 1, 1, 0.25),
        (1e-8, 0.5, 2, 0.0001499999995),
        (0.7, 30, 0.5, 4.0772109946605599e-6),
        (0.2, 2.25, 0.5, 0.010268429416387208),
        (0.05, 4.5, 0.5, 3.6916857749233376e-7),
        (0.9, 4.5, 0.5, 0.34343639613791351),
        (0.6, 9.25, 0.5, 0.0024079934228287576),
        (0.01, 9.25, 0.5, 5.8137566303153495e-20),
        (0.999, 0.5, 2.25, 0.99999993667941051),
    ]

    @Test(arguments: tails)
    func upperTail(degrees: Double, t: Double, tail: Double) {
        let distribution = StudentT(degrees: degrees)
        #expect(relativeError(distribution.upperTail(t), tail) < 1e-9)
        #expect(abs(distribution.upperTail(-t) - (1 - tail)) < 1e-9)
    }

    @Test(arguments: quantiles)
    func lowerQuantile(degrees: Double, tail: Double, t: Double) {
        #expect(relativeError(StudentT(degrees: degrees).quantile(tail), -t) < 1e-9)
        #expect(relativeError(StudentT(degrees: degrees).upperQuantile(tail: tail), t) < 1e-9)
    }

    /// Where no reference was computed, quantile and tail are still each other's inverse.
    @Test func inverse() {
        for degrees in [0.5, 1, 3.25, 4.5, 7, 9, 40, 500] {
            for exponent in stride(from: 0.31, to: 14, by: 0.237) {
                let tail = pow(10, -exponent)
                let distribution = StudentT(degrees: degrees)
                let t = distribution.upperQuantile(tail: tail)
                #expect(relativeError(distribution.upperTail(t), tail) < 1e-11, "\(degrees) \(tail)")
            }
        }
    }

    /// No tail sends the search for its quantile astray: not the ones next to a half, nor those next to nothing.
    @Test func extremeTails() {
        for degrees in [0.5, 1, 4.5, 9, 1000] {
            let distribution = StudentT(degrees: degrees)
            #expect(distribution.upperQuantile(tail: 0.5.nextDown) < 1e-6)
            #expect(distribution.upperQuantile(tail: 0.499_999) < 1e-5)
            #expect(distribution.upperQuantile(tail: 1e-300) > 30)
            #expect(distribution.upperQuantile(tail: 0) > 30)
            #expect(distribution.upperQuantile(tail: .nan) < 1)
        }
        #expect(SpecialFunctions.normalUpperQuantile(tail: 0) > 30)
        #expect(relativeError(SpecialFunctions.normalUpperQuantile(tail: 1e-300), 37.0471) < 1e-6)
    }

    @Test(arguments: quantiles.filter { $0.tail >= 1e-3 })
    func upperQuantile(degrees: Double, tail: Double, t: Double) {
        #expect(relativeError(StudentT(degrees: degrees).quantile(1 - tail), t) < 1e-9)
    }

    @Test(arguments: betas)
    func regularizedBeta(x: Double, a: Double, b: Double, value: Double) {
        #expect(relativeError(SpecialFunctions.regularizedBeta(x, a, b), value) < 1e-9)
    }

    @Test(arguments: [
        (0.4, 0.2533471031357998), (0.2, 0.84162123357291421), (0.1, 1.2815515655446005), (0.025, 1.9599639845400542),
        (0.01, 2.3263478740408411), (1e-3, 3.0902323061678135), (1.25e-4, 3.6622599308877013),
        (1e-6, 4.7534243088228989), (1e-9, 5.9978070150076869), (1e-12, 7.0344838253011319),
    ])
    func normalUpperQuantile(tail: Double, z: Double) {
        #expect(relativeError(SpecialFunctions.normalUpperQuantile(tail: tail), z) < 1e-9)
    }

    @Test func ends() {
        let distribution = StudentT(degrees: 7)
        #expect(distribution.upperTail(0) == 0.5)
        #expect(distribution.upperTail(.infinity) == 0)
        #expect(distribution.upperTail(-.infinity) == 1)
        #expect(distribution.upperTail(.nan) == 1)
        #expect(distribution.quantile(0.5) == 0)
        #expect(SpecialFunctions.regularizedBeta(0, 2, 3) == 0)
        #expect(SpecialFunctions.regularizedBeta(1, 2, 3) == 1)
        #expect(SpecialFunctions.regularizedBeta(-1, 2, 3) == 0)
    }
}

func relativeError(_ actual: Double, _ expected: Double) -> Double {
    abs(actual - expected) / abs(expected)
}
