"""Events and the hashes that the reference implementation of CBV 2.0 publishes for them.

From RalphTro/epcis-event-hash-generator (MIT, © Ralph Tröger), tests/examples/documents and expected/CBV2.0.
"""

CONTEXT = [{"example": "https://ns.example.com/epcis/"}, {"cbvmda": "urn:epcglobal:cbv:mda:"}]
PO = [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:4012345123456:RE100099"}]
INVOICED = [
    {"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:5200001000008:4711"},
    {"type": "inv", "bizTransaction": "urn:epcglobal:cbv:bt:5200001000008:RE1099"},
]


def event(kind: str, time: str, offset: str, read_point: str, **more):
    return {
        "type": kind, "eventTime": time, "eventTimeZoneOffset": offset,
        "readPoint": {"id": f"urn:epc:id:sgln:{read_point}"}, **more,
    }  # fmt: skip


# epcisDocWithVariousEventTypes.jsonld
VARIOUS = [
    (
        event(
            "ObjectEvent", "2019-10-21T11:00:30.000+01:00", "+01:00", "5200001.99901.0",
            epcList=["urn:epc:id:sscc:5200001.0111111146"], action="OBSERVE", bizStep="departing",
            bizTransactionList=INVOICED,
            sourceList=[{"type": "possessing_party", "source": "urn:epc:id:pgln:5200001.00000"}],
            destinationList=[
                {"type": "possessing_party", "destination": "urn:epc:id:pgln:4000001.98765"},
                {"type": "location", "destination": "urn:epc:id:sgln:4012345.00012.0"},
            ],
        ),
        "253f0178f96349eedc207505b49044a602129605cf692e3d9f1f36c8bd1dfb0d",
    ),
    (
        event(
            "ObjectEvent", "2019-10-21T14:58:56.000+02:00", "+02:00", "4054739.00001.0",
            quantityList=[{"epcClass": "urn:epc:class:lgtin:4054739.099914.20160711", "quantity": 600, "uom": "KGM"}],
            action="ADD", bizStep="commissioning", ilmd={"cbvmda:bestBeforeDate": "2019-10-21"},
        ),
        "5f396ea5cb32fe4d0980cb79f5a5eb9640559e9f5a6cefa5c98a7d6ad554b50b",
    ),
    (
        event(
            "AggregationEvent", "2019-10-21T11:58:56.591+02:00", "+02:00", "4047023.00012.0",
            parentID="urn:epc:id:sscc:4047023.0111111122", action="ADD", bizStep="packing",
            childEPCs=[f"urn:epc:id:sgtin:4047023.077551.{serial}" for serial in (98, 97, 107, 109)],
        ),
        "c941e6486c561c2be83c28dc228c150eaef9a6befb1015e6cc563982fb7414b6",
    ),
    (
        event(
            "AggregationEvent", "2019-10-21T17:30:56.591+02:00", "+02:00", "4012345.00025.0",
            parentID="urn:epc:id:sscc:4012344.0111111133", action="ADD", bizStep="packing",
            childQuantityList=[
                {"epcClass": "urn:epc:class:lgtin:4054739.099902.P2", "quantity": 12, "uom": "KGM"},
                {"epcClass": "urn:epc:class:lgtin:4054739.012345.lot2", "quantity": 17},
            ],
        ),
        "cfda50b7ff23682e989bafc3747ac9b752f405305fcde6618280f6be27344f35",
    ),
    (
        event(
            "TransactionEvent", "2019-10-21T00:05:00-06:00", "-06:00", "4012345.00000.5",
            epcList=["urn:epc:id:sgtin:0614141.107340.1", "urn:epc:id:sgtin:0614141.107340.2"],
            action="ADD", bizStep="shipping", bizTransactionList=PO,
            bizLocation={"id": "urn:epc:id:sgln:4012345.00000.0"},
        ),
        "cf6559dc931963f19ed9cd2fe33c02ef64c8cfd557e5a96b086a87db315b7122",
    ),
    (
        event(
            "TransformationEvent", "2019-10-21T14:58:56.591+02:00", "+02:00", "4012345.00001.0",
            inputEPCList=["urn:epc:id:sgtin:4012345.011122.25", "urn:epc:id:sgtin:4000001.065432.99886655"],
            outputEPCList=[f"urn:epc:id:sgtin:4012345.077889.{serial}" for serial in (25, 26, 27, 28)],
            inputQuantityList=[
                {"epcClass": "urn:epc:class:lgtin:4012345.011111.4444", "quantity": 10, "uom": "KGM"},
                {"epcClass": "urn:epc:class:lgtin:0614141.077777.987", "quantity": 30},
                {"epcClass": "urn:epc:idpat:sgtin:4012345.066666.*", "quantity": 220},
            ],
            bizStep="commissioning", ilmd={"example:bestBeforeDate": "2015-11-10", "example:batch": "XYZ"},
        ),
        "36ab2ba0e3eac03d14a630148c63c31da00b8c4f1c311f501eb459e89a6e6350",
    ),
    (
        event(
            "TransformationEvent", "2019-10-21T14:58:56.591+02:00", "+02:00", "4012345.00001.0",
            inputEPCList=["urn:epc:id:sgtin:4012345.011122.25", "urn:epc:id:sgtin:4000001.065432.99886655"],
            outputQuantityList=[{"epcClass": "urn:epc:class:lgtin:4054739.099902.P20131121", "quantity": 9520}],
            transformationID="urn:epc:id:gdti:4012345.55555.1234",
            bizStep="http://epcis.example.com/user/vocab/bizstep/exampling",
        ),
        "756558aa09b2d38c6bcb6e50eab2fcbebd9bde17362a7c4f4686a5d7f5fb013f",
    ),
]  # fmt: skip

# epcisDocWithAllGS1Keys.jsonld
ALL_KEYS = (
    event(
        "ObjectEvent", "2023-03-27T11:30:00.0Z", "+01:00", "4012345.00011.987", action="OBSERVE", bizStep="other",
        epcList=[
            "https://id.gs1.org/00/040123450000003338",
            *(
                f"urn:epc:id:{each}"
                for each in (
                    "sgtin:4012345.012345.12", "sscc:4012345.0000000333", "grai:4012345.66666.87", "giai:4012345.AAbb",
                    "gsrn:4012345.9876540000", "gsrnp:4012345.0000098765", "gdti:4012345.55555.98",
                    "cpi:4012345.ABC.123", "sgcn:4012345.99999.44", "ginc:4012345.333", "gsin:4012345.999987654",
                    "itip:4012345.012345.01.02.999", "upui:4012345.012345.AB12",
                )
            ),
        ],
        quantityList=[
            {"epcClass": f"urn:epc:{each}"}
            for each in (
                "class:lgtin:4054739.099914.20160711", "idpat:sgtin:4054739.099914.*", "idpat:grai:4012345.66666.*",
                "idpat:gdti:4012345.55555.*", "idpat:sgcn:4012345.99999.*", "idpat:cpi:4012345.ABC.*",
                "idpat:itip:4012345.012345.01.02.*",
            )
        ],
    ),
    "40744f32beff53a4bf5bb5956d465cb52de5bbcc9f131409d8efb903b04d9351",
)  # fmt: skip

# ReferenceEventHashAlgorithm2.jsonld: a sensor. ReferenceEventHashAlgorithm3.jsonld: extensions.
REFERENCES = [
    (
        event(
            "ObjectEvent", "2020-04-01T15:00:00+01:00", "+01:00", "4012345.00005.0", action="OBSERVE",
            epcList=["urn:epc:id:sgtin:4012345.011111.9876"], bizStep="inspecting",
            sensorElementList=[{
                "sensorMetadata": {
                    "deviceID": "urn:epc:id:giai:4000001.111", "deviceMetadata": "https://id.gs1.org/8004/4000001111",
                },
                "sensorReport": [
                    {"type": "Temperature", "value": 26, "sDev": 0.1, "uom": "CEL"},
                    {"type": "AbsoluteHumidity", "value": 12.1, "uom": "A93"},
                    {"type": "Dimensionless", "value": 0.05, "uom": "C35",
                     "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011"},
                    {"type": "Dimensionless", "value": 0.18, "uom": "C35",
                     "chemicalSubstance": "urn:epcglobal:cbv:inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N"},
                ],
            }],
        ),
        "271565c346ae2fb28c4583c4dca4ab4772d465eb4e0b6e548d77d8b49377d95c",
    ),
    (
        {
            "type": "ObjectEvent", "eventTime": "2020-03-04T11:00:30+01:00", "eventTimeZoneOffset": "+01:00",
            "epcList": ["urn:epc:id:sgtin:0614141.011111.987"], "action": "OBSERVE", "bizStep": "departing",
            "disposition": "in_transit",
            "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.0", "example:myField1": "AB-12"},
            "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:4012345.11111.123"}],
            "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
            "destinationList": [{"type": "owning_party", "destination": "urn:epc:id:pgln:0614141.00000"}],
            "example:userExt": "CD-34",
        },
        "3ae14c02c4bdc220cc31942cf804f6845eb8dec96ba6483391c92a9b165f9329",
    ),
]  # fmt: skip

# TimeStampRoundOff.jsonld: the fourth digit of a second rounds the third.
ROUNDED = [
    (
        {
            "type": "ObjectEvent", "eventTime": "2023-02-02T11:04:03.1415Z", "eventTimeZoneOffset": "+01:00",
            "epcList": ["https://id.gs1.de/00/040123451111111110"], "action": "OBSERVE", "bizStep": "shipping",
            "disposition": "in_transit", "readPoint": {"id": "https://id.gs1.de/414/4012345000115"},
        },
        "af7658e711574363633f20b3dadc7bc4c13c6f612cf96d95e03c421c0e58f3c6",
    ),
    (
        {
            "type": "ObjectEvent", "eventTime": "2023-02-02T11:04:03.1414Z", "eventTimeZoneOffset": "+01:00",
            "epcList": ["https://id.gs1.de/00/040123451111111110"], "action": "OBSERVE", "bizStep": "transporting",
            "readPoint": {"id": "geo:50.947573340894124,6.922120147375441"},
        },
        "0550df44527332c1fe417c5837fe61b9e71eaa93307b88519dac549bf2d4dcf9",
    ),
    (
        {
            "type": "ObjectEvent", "eventTime": "2023-02-12T11:04:03.1415Z", "eventTimeZoneOffset": "+01:00",
            "certificationInfo": "https://accreditation-council.example.org/certificate/ABC12345",
            "epcList": ["https://id.gs1.de/01/04012345999990/21/XYZ-1234"], "action": "OBSERVE",
            "bizStep": "receiving", "disposition": "in_progress",
            "readPoint": {"id": "https://id.gs1.de/414/4012345000115"},
            "sensorElementList": [{
                "sensorMetadata": {
                    "time": "2023-02-12T11:04:03.1007Z", "bizRules": "https://id.example.com/253/4012345000054987",
                },
                "sensorReport": [{
                    "type": "Dimensionless", "exception": "ALARM_CONDITION",
                    "coordinateReferenceSystem": "http://www.opengis.net/def/crs/EPSG/0/27700",
                }],
            }],
        },
        "bf052637920f56c28bd6bc4ce10bb296203fcddc543f1e293d5a77b07592dcec",
    ),
]  # fmt: skip

# ObjectEvent_all_possible_fields.json: every field, extensions at every place where they may stand.
EXTENDED = {
    "ext1:float": "20", "ext1:int": "10", "ext1:time": "2013-06-08T14:58:56.591Z", "ext1:boolean": "true",
    "ext1:default": "stringAsDefaultValue", "ext1:string": "string",
    "ext1:array": [
        "12", "22", "2013-06-08T14:58:56.591Z", "true", "stringInArray",
        {"ext1:object": {"ext1:object": {
            "ext2:array": ["14", "23.0", "stringInArrayInObjectInArray"],
            "ext2:object": {"ext2:object": {"ext3:string": "stringInObjectInObjectInArray"}},
            "ext2:int": "13", "ext2:string": "stringInObjectInArray",
        }}},
    ],
    "ext1:object": {
        "ext2:array": ["11", "21", "stringInArrayInObject"],
        "ext2:object": {"ext2:object": {"ext3:string": "stringInObjectInObject"}},
        "ext2:string": "stringInObject",
    },
}  # fmt: skip
GIAI, DOCUMENT = "urn:epc:id:giai:4000001.111", "https://example.com/253/4012345000054987"
PLACES = {"location": "urn:epc:id:sgln:{}.0", "possessing_party": "urn:epc:id:pgln:{}",
          "owning_party": "urn:epc:id:pgln:{}"}  # fmt: skip
EVERYTHING_CONTEXT = [{f"ext{each}": f"http://example.com/ext{each}/"} for each in (3, 2, 1)]
EVERYTHING = (
    event(
        "ObjectEvent", "2005-04-05T02:33:31.116Z", "-06:00", "0012345.11111.400",
        eventID="urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
        certificationInfo="https://accreditation-council.example.org/certificate/ABC12345",
        errorDeclaration={"declarationTime": "2006-11-07T14:00:00.000+01:00", "reason": "incorrect_data"},
        epcList=["urn:epc:id:sgtin:0614141.107346.2018"], action="ADD", bizStep="receiving", disposition="in_progress",
        bizLocation={"id": "urn:epc:id:sgln:0012345.11111.0"},
        bizTransactionList=[
            {"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00001.1618034"},
            {"type": "pedigree", "bizTransaction": "urn:epc:id:gsrn:0614141.0000010253"},
        ],
        quantityList=[{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200, "uom": "KGM"}],
        sourceList=[{"type": kind, "source": uri.format("4012345.00225")} for kind, uri in PLACES.items()],
        destinationList=[{"type": kind, "destination": uri.format("0614141.00777")} for kind, uri in PLACES.items()],
        sensorElementList=[{
            "sensorMetadata": {
                "time": "2019-04-02T13:05:00.000Z", "deviceID": GIAI,
                "deviceMetadata": "https://id.gs1.org/8004/4000001111",
                "rawData": "https://example.org/8004/401234599999", "startTime": "2019-04-02T12:55:01.000Z",
                "endTime": "2019-04-02T13:55:00.000Z", "dataProcessingMethod": DOCUMENT, "bizRules": DOCUMENT,
                "ext1:someFurtherMetadata": "someText",
            },
            "sensorReport": [{
                "type": "Temperature", "deviceID": GIAI, "rawData": "https://example.org/8004/401234599999",
                "dataProcessingMethod": DOCUMENT, "time": "2019-07-19T13:00:00.000Z",
                "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
                "chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N", "value": 26,
                "component": "example:x", "stringValue": "SomeString", "booleanValue": True,
                "hexBinaryValue": "f0f0f0", "uriValue": "https://id.gs1.org/8004/4000001111", "minValue": 26,
                "maxValue": 26.2, "meanValue": 13.2, "percRank": 50, "percValue": 12.7, "uom": "CEL", "sDev": 0.1,
                "ext1:someFurtherReportData": "someText", "deviceMetadata": "https://id.gs1.org/8004/4000001111",
            }],
            **EXTENDED,
        }],
        persistentDisposition={"unset": ["completeness_inferred"], "set": ["completeness_verified"]},
        ilmd={
            **EXTENDED, "cbvmda:countryOfExport": "KR", "cbvmda:grossWeight": "3.5", "cbvmda:netWeight": "3.5",
            "cbvmda:countryOfOrigin": "GB", "cbvmda:drainedWeight": "3.5", "cbvmda:lotNumber": "ABC123",
        },
        **EXTENDED,
    ),
    "9811bfb2672e9c3a0f6151be339d22b60db375c8b23d2740f6137cc6539f0639",
)  # fmt: skip
