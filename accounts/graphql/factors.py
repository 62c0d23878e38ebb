"""GraphQL of one's second factors."""

from typing import Self

import strawberry

from accounts import selectors, services
from gateway.graphql import Info, require_unkept


@strawberry.type(description="What an authenticator application is told, this once.")
class Enrolment:
    secret: str
    uri: str
    qr_svg: str

    @classmethod
    def of(cls, enrolment: services.Enrolment) -> Self:
        return cls(secret=enrolment.secret, uri=enrolment.uri, qr_svg=enrolment.qr_svg)


@strawberry.type(description="How the caller can show a second factor.")
class Factors:
    methods: list[str]
    recovery_codes_left: int
    required: bool = strawberry.field(description="Whether the caller's role asks for one.")


@strawberry.type
class Query:
    @strawberry.field
    def factors(self, info: Info) -> Factors:
        """The caller's second factors."""
        found = selectors.factors_of(info.context.user)
        return Factors(methods=[*found.methods], recovery_codes_left=found.recovery_codes_left, required=found.required)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def totp_enrol(self, info: Info) -> Enrolment:
        """Begin with an authenticator application."""
        require_unkept(info)
        return Enrolment.of(services.totp_enrol(actor=info.context.user))

    @strawberry.mutation
    def totp_confirm(self, info: Info, code: str) -> list[str]:
        """Have the application count by its first code. The first recovery codes, shown this once."""
        require_unkept(info)
        return services.totp_confirm(actor=info.context.user, code=code)

    @strawberry.mutation
    def totp_remove(self, info: Info) -> bool:
        """Sign in without the application from now on."""
        services.totp_remove(actor=info.context.user)
        return True

    @strawberry.mutation
    def recovery_codes_replace(self, info: Info) -> list[str]:
        """New recovery codes in place of all earlier ones, shown this once."""
        require_unkept(info)
        return services.recovery_codes_replace(actor=info.context.user)
