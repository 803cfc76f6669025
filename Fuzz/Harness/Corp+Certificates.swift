// Made by Fuzz/make-seeds. The private keys are gone.

extension Corp {
    /// A root CA, as PEM.
    static let rootPEM =
        """
        -----BEGIN CERTIFICATE-----
        MIIBczCCARqgAwIBAgIUGYrgxglZZGGfWnBQ7LaY3rb868wwCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMRnV6eiBSb290IENBMCAXDTI2MTEyMjA3MDE1NFoYDzIxMjYx
        MDI5MDcwMTU0WjAXMRUwEwYDVQQDDAxGdXp6IFJvb3QgQ0EwWTATBgcqhkjOPQIB
        BggqhkjOPQMBBwNCAARpoP04WE0rBh6lBA7nyy8MEsk1VRms2Yr1wG2aXso+9Vmh
        AmlgFYOY3ORpIHPEhv6H00GSGqn1e5J0fTeKSpENo0IwQDAPBgNVHRMBAf8EBTAD
        AQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUvuIXbhOcskNNcMJZDPi89fJl
        x9owCgYIKoZIzj0EAwIDRwAwRAIgD/EjZAeme5G1FMexrjdyY6LDegyUdCKmwHm+
        e8uOt+cCICWC56Wc90xH1eYBFuq3p7YrG/FCk1dJteUfoxqGVS41
        -----END CERTIFICATE-----
        """

    /// An issuing CA under the root, as PEM.
    static let issuingPEM =
        """
        -----BEGIN CERTIFICATE-----
        MIIBmDCCAT6gAwIBAgIUVuBB9dKIqzj8dN+LjIjfEGeCoVwwCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMRnV6eiBSb290IENBMCAXDTI2MTEyMjA3MDE1NFoYDzIxMjYx
        MDI5MDcwMTU0WjAaMRgwFgYDVQQDDA9GdXp6IElzc3VpbmcgQ0EwWTATBgcqhkjO
        PQIBBggqhkjOPQMBBwNCAAR3RQSEhDLOFnOIXhQc04KaqBcb2rqAG/lgH/PI0aAZ
        sIR2AnPtwCLo1O4F79aB+yXKgxblWGSLwiDeVkI+cUJmo2MwYTAPBgNVHRMBAf8E
        BTADAQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUgB/Z7m5AqDUPmaV/OGro
        7TKqCEMwHwYDVR0jBBgwFoAUvuIXbhOcskNNcMJZDPi89fJlx9owCgYIKoZIzj0E
        AwIDSAAwRQIgC4QQMqAgLx4ioCp2bqUVToBHG5ZXY1y4zZHfmQ5s2JcCIQC0uMAv
        1m3w5baX8BBLAUrTsuQPotMx0kGovdogTp0xrw==
        -----END CERTIFICATE-----
        """

    /// A device's certificate under the issuing CA, as PEM.
    static let leafPEM =
        """
        -----BEGIN CERTIFICATE-----
        MIIB0TCCAXegAwIBAgIUZXMJoInVsylX7yCWADvbsz3mU7gwCgYIKoZIzj0EAwIw
        GjEYMBYGA1UEAwwPRnV6eiBJc3N1aW5nIENBMCAXDTI2MTEyMjA3MDE1NVoYDzIx
        MjYxMDI5MDcwMTU1WjAdMRswGQYDVQQDDBJsYXB0b3AtMS5mdXp6LnRlc3QwWTAT
        BgcqhkjOPQIBBggqhkjOPQMBBwNCAATU9Km1S8BMckaquMwRLzCIPU7Gyow4G2G0
        NPfkc5L+KHgJeJRqGnC+ORTfxxm5uAPsguaXsTj60OiSp9kqQCxwo4GVMIGSMAwG
        A1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMC
        MB0GA1UdDgQWBBRRusCUGKVPh50axGVYi6SwAJm9OTAfBgNVHSMEGDAWgBSAH9nu
        bkCoNQ+ZpX84aujtMqoIQzAdBgNVHREEFjAUghJsYXB0b3AtMS5mdXp6LnRlc3Qw
        CgYIKoZIzj0EAwIDSAAwRQIhAP7yfhFJOd6DGKb/dJlXM2b+vccBKkLVyKHrd7K5
        NQwfAiBHunxmRqowZwzLWKwolJ2NloIffao7h6PBmszqLvZwjA==
        -----END CERTIFICATE-----
        """

    /// Another certificate of the device's, which is on the issuing CA's CRL, as PEM.
    static let revokedPEM =
        """
        -----BEGIN CERTIFICATE-----
        MIIB0jCCAXegAwIBAgIUFDfaLdl87MO257Vnl1uIluuluacwCgYIKoZIzj0EAwIw
        GjEYMBYGA1UEAwwPRnV6eiBJc3N1aW5nIENBMCAXDTI2MTEyMjA3MDE1OFoYDzIx
        MjYxMDI5MDcwMTU4WjAdMRswGQYDVQQDDBJsYXB0b3AtMS5mdXp6LnRlc3QwWTAT
        BgcqhkjOPQIBBggqhkjOPQMBBwNCAATCG1J2mANNhlBfzrgeppV5TSwJvNn36f6c
        w0A7+T7LToyX287ev0kH59tofIAQNjIyLOrXiC12vOI7rqL3MMK1o4GVMIGSMAwG
        A1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMC
        MB0GA1UdDgQWBBQ0Br9bu5nLZ1/FptjxDjg91vKApzAfBgNVHSMEGDAWgBSAH9nu
        bkCoNQ+ZpX84aujtMqoIQzAdBgNVHREEFjAUghJsYXB0b3AtMS5mdXp6LnRlc3Qw
        CgYIKoZIzj0EAwIDSQAwRgIhALieAq+pyss34RIZ73h99ilaUYUXAli5DIbxHJqF
        7X/GAiEAzdOaVVin+54djUeC1YLWDIaCOLQntjDcBliR/B0bxh8=
        -----END CERTIFICATE-----
        """

    /// The CRL of the root, as PEM.
    static let rootListPEM =
        """
        -----BEGIN X509 CRL-----
        MIHSMHkCAQEwCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMRnV6eiBSb290IENBFw0y
        NjExMjIwNzAyMDVaGA8yMTI2MTAyOTA3MDIwNVqgLzAtMB8GA1UdIwQYMBaAFL7i
        F24TnLJDTXDCWQz4vPXyZcfaMAoGA1UdFAQDAgEBMAoGCCqGSM49BAMCA0kAMEYC
        IQDFG0alZZuK2IEr4Nw6/Cc8G67IJ+W6eCseyIQ6r3sUlQIhAPLmMEJOFesnCJTJ
        BDOBfDHlGDuX1jgZAvwEHEhx5l0K
        -----END X509 CRL-----
        """

    /// The CRL of the issuing CA, as PEM.
    static let issuingListPEM =
        """
        -----BEGIN X509 CRL-----
        MIH+MIGlAgEBMAoGCCqGSM49BAMCMBoxGDAWBgNVBAMMD0Z1enogSXNzdWluZyBD
        QRcNMjYxMTIyMDcwMjA1WhgPMjEyNjEwMjkwNzAyMDVaMCcwJQIUFDfaLdl87MO2
        57Vnl1uIluuluacXDTI2MTEwMTAwMDAwMFqgLzAtMB8GA1UdIwQYMBaAFIAf2e5u
        QKg1D5mlfzhq6O0yqghDMAoGA1UdFAQDAgEBMAoGCCqGSM49BAMCA0gAMEUCIQCo
        5VgNl/exYWOa6+HMl0RwphuaNHGIA8LK5F/OPgo4pwIgB4VIu1OEkFfGuZl+fzUe
        Luq6R7GVD9G1AxyfngykZz0=
        -----END X509 CRL-----
        """

    /// The public key of the device that signed the messages of the corpus.
    static let deviceX = "e4W0uLDWndXXzX6cF-jKkd9-vBQ-BY3Mkz7nLTAj8j8"
    static let deviceY = "6_KZfbY01J1BuNaM7eNGMSQltbnS4GfXCYa_1M39clE"

    /// The SHA-256, base64url, of every payload that the device signed.
    static let payloads: Set<String> = [
        "33nKv1MDR_Ua8aMCv9kbWzYDHNtBh4fYydmIPRMktiY",
        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "7ohtKluyQZAtERrwraPeKOd8aTt-JL4CfZ8fFmQGEKg",
        "FlYrZh7c2FqLtISEfd2YCvMwLEsfkTt_0rEbqh1Oa_0",
        "hoXYzrKDyoAn9HeDIQSjLFTi99NlaBmTg2wn3Yfh0Dk",
        "ov61UrOHcMAC3iqDNG2H36Cv4lepLNxz8CwffrfHGvQ",
    ]

    /// The serial numbers of the certificates that the issuing CA signed.
    static let leaves: Set<String> = [
        "-80",
        "0",
        "117b00b267bf8ecfda7c0d999f9e5bf5e098bb54",
        "1437da2dd97cecc3b6e7b567975b8896eba5b9a7",
        "1a3117ab402abe17a5dbc329a03322014f5c2035",
        "1a7fec927a468f19c49ad6c31547d1e5ce91fb46",
        "251c32040614e29672355a29e9a5605b7ca26461",
        "273683a79c0122ec5f34ae9d6719483e9303ed41",
        "2b6421d2f474c0840c7959140f5ade10ac45c88d",
        "2de1be93e986cda25b3d2d7a6dc8484ef44b16b2",
        "31d370171d4e27bece6f7e980610807536a0b20b",
        "40fc10f835a8796dd09a7b0974080d428c6f484d",
        "462a9e3cf804d3ea09c19b1fb5d1e100bd9df0e7",
        "46d4a9d728a85d726a96af8e120178bf21a3825",
        "4e09237810b76d000bc6ee1b2d329c7843c7378",
        "524962c1d1a5a2f172924a16690f1cf1a2276d81",
        "533741f2e447266517010bad74c19f810d4a7d01",
        "535142aaedaece044536cea6620431ff0063820",
        "55a15abf8007b4dbec16f3c436e27706e05c4b3e",
        "56644645f513c68aef1ce67b21c2911970a06903",
        "595a75f076fa70ed81caf5600eb96e2d49cd4a0a",
        "59cadb56fadf1c7e6e42677b46b742db487e6445",
        "5ae7a9d34b384f9998b454a0ad5aca06262fdeb8",
        "5b72720f31e3e037ef46366716a42409391ff02",
        "5bc9c1f701835faff5329f57b3a12ee430c8e7e5",
        "5cb470a1c4d77cbb68394b9cf8597acd088fb8bc",
        "5e53431ae3f356b9295c165cb021db3660b6aa48",
        "5ec856b7a367d33906b6b433c5f3490ee7b603ac",
        "657309a089d5b32957ef2096003bdbb33de653b8",
        "6b595ac859bdc73671305a0810ee446b184316ae",
        "6e2004944d5f45ce5974d9116767d35cdefe484e",
        "7ad1f0f53ee4f3642afe452a40ebb8b6caad898c",
        "7b6ddc29e4d1154fb031a2f8b5f321be1b534275",
        "7bbccac604f5414df46e91b7fb2806124e046dc8",
        "7f",
        "7ff4b1fcd74ef90241cb7286fc6dec017fbfd2a2",
        "9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f",
        "d65005a0abeb8e30123924c8c55e786485218f0",
    ]

    /// The serial numbers of the CA certificates that the root signed.
    static let authorities: Set<String> = [
        "179b32d398fea4f47fdf5b9a00f8c880fbad3971",
        "188efac1313b38f7f07cbca5f8b35216ba8ea780",
        "25d3fc1b69ad9458d6e8bcbee0a07d045942af60",
        "366fc725d7a34ed37f90050e7892244fa2064ad",
        "46a4179dc4d68a4955dd98c7f9d496ff3f856327",
        "4c5861f94b71a0c50def2f1ed89d307760e0b69b",
        "56e041f5d288ab38fc74df8b8c88df106782a15c",
        "5888d3cb5b38a9fada6d493dd8ade062b546935e",
        "5e06ac1797ee418964789541fb3b00cb58cb0037",
        "639fa4c94409bc505feba9d96c620fe2292ac0b9",
        "66613311ac5bc9ddab3ea85533c4c312fe1158fc",
        "7bbeeb5365ced0edaef784b2a0a1325efb438e26",
        "9",
        "b10b38b46c7b8d13c3d40e3712040a9cfe778e2",
        "e2fdfebc83d7be3db3c5d287f479a8036a2472d",
    ]
}
