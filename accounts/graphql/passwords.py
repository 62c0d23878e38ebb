"""GraphQL of one's password."""

import strawberry

from accounts import services
from gateway.graphql import Info


@strawberry.type
class Mutation:
    @strawberry.mutation
    def password_change(self, info: Info, current_password: str, new_password: str) -> bool:
        """Set another password of one's own; one's other sessions end."""
        services.password_change(actor=info.context.user, current_password=current_password, new_password=new_password)
        return True
