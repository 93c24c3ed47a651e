from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Id(_message.Message):
    __slots__ = ("integer", "text")
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    integer: int
    text: str
    def __init__(self, integer: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class Attribute(_message.Message):
    __slots__ = ("name", "labels", "numbers")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    name: str
    labels: _containers.RepeatedScalarFieldContainer[str]
    numbers: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, name: _Optional[str] = ..., labels: _Optional[_Iterable[str]] = ..., numbers: _Optional[_Iterable[float]] = ...) -> None: ...

class Item(_message.Message):
    __slots__ = ("id", "vector", "attributes", "name")
    ID_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    id: Id
    vector: _containers.RepeatedScalarFieldContainer[float]
    attributes: _containers.RepeatedCompositeFieldContainer[Attribute]
    name: str
    def __init__(self, id: _Optional[_Union[Id, _Mapping]] = ..., vector: _Optional[_Iterable[float]] = ..., attributes: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ..., name: _Optional[str] = ...) -> None: ...

class User(_message.Message):
    __slots__ = ("id", "features")
    ID_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    id: Id
    features: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, id: _Optional[_Union[Id, _Mapping]] = ..., features: _Optional[_Iterable[float]] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("user_id", "item_id", "at_millis", "type")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AT_MILLIS_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    user_id: Id
    item_id: Id
    at_millis: float
    type: str
    def __init__(self, user_id: _Optional[_Union[Id, _Mapping]] = ..., item_id: _Optional[_Union[Id, _Mapping]] = ..., at_millis: _Optional[float] = ..., type: _Optional[str] = ...) -> None: ...

class UpsertItemsRequest(_message.Message):
    __slots__ = ("items", "change_id")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Item]
    change_id: str
    def __init__(self, items: _Optional[_Iterable[_Union[Item, _Mapping]]] = ..., change_id: _Optional[str] = ...) -> None: ...

class UpsertItemsResponse(_message.Message):
    __slots__ = ("acknowledgement",)
    ACKNOWLEDGEMENT_FIELD_NUMBER: _ClassVar[int]
    acknowledgement: Acknowledgement
    def __init__(self, acknowledgement: _Optional[_Union[Acknowledgement, _Mapping]] = ...) -> None: ...

class StreamItemsRequest(_message.Message):
    __slots__ = ("items", "change_id")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Item]
    change_id: str
    def __init__(self, items: _Optional[_Iterable[_Union[Item, _Mapping]]] = ..., change_id: _Optional[str] = ...) -> None: ...

class StreamItemsResponse(_message.Message):
    __slots__ = ("acknowledgement",)
    ACKNOWLEDGEMENT_FIELD_NUMBER: _ClassVar[int]
    acknowledgement: Acknowledgement
    def __init__(self, acknowledgement: _Optional[_Union[Acknowledgement, _Mapping]] = ...) -> None: ...

class DeleteItemsRequest(_message.Message):
    __slots__ = ("ids", "change_id")
    IDS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedCompositeFieldContainer[Id]
    change_id: str
    def __init__(self, ids: _Optional[_Iterable[_Union[Id, _Mapping]]] = ..., change_id: _Optional[str] = ...) -> None: ...

class DeleteItemsResponse(_message.Message):
    __slots__ = ("acknowledgement",)
    ACKNOWLEDGEMENT_FIELD_NUMBER: _ClassVar[int]
    acknowledgement: Acknowledgement
    def __init__(self, acknowledgement: _Optional[_Union[Acknowledgement, _Mapping]] = ...) -> None: ...

class GetItemsRequest(_message.Message):
    __slots__ = ("ids",)
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedCompositeFieldContainer[Id]
    def __init__(self, ids: _Optional[_Iterable[_Union[Id, _Mapping]]] = ...) -> None: ...

class GetItemsResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[ItemState]
    def __init__(self, items: _Optional[_Iterable[_Union[ItemState, _Mapping]]] = ...) -> None: ...

class ItemState(_message.Message):
    __slots__ = ("kind", "item")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[ItemState.Kind]
        KIND_UNCHANGED: _ClassVar[ItemState.Kind]
        KIND_UPSERTED: _ClassVar[ItemState.Kind]
        KIND_DELETED: _ClassVar[ItemState.Kind]
    KIND_UNSPECIFIED: ItemState.Kind
    KIND_UNCHANGED: ItemState.Kind
    KIND_UPSERTED: ItemState.Kind
    KIND_DELETED: ItemState.Kind
    KIND_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    kind: ItemState.Kind
    item: Item
    def __init__(self, kind: _Optional[_Union[ItemState.Kind, str]] = ..., item: _Optional[_Union[Item, _Mapping]] = ...) -> None: ...

class UpsertUsersRequest(_message.Message):
    __slots__ = ("users", "change_id")
    USERS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    users: _containers.RepeatedCompositeFieldContainer[User]
    change_id: str
    def __init__(self, users: _Optional[_Iterable[_Union[User, _Mapping]]] = ..., change_id: _Optional[str] = ...) -> None: ...

class UpsertUsersResponse(_message.Message):
    __slots__ = ("acknowledgement",)
    ACKNOWLEDGEMENT_FIELD_NUMBER: _ClassVar[int]
    acknowledgement: Acknowledgement
    def __init__(self, acknowledgement: _Optional[_Union[Acknowledgement, _Mapping]] = ...) -> None: ...

class DeleteUsersRequest(_message.Message):
    __slots__ = ("ids", "change_id")
    IDS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedCompositeFieldContainer[Id]
    change_id: str
    def __init__(self, ids: _Optional[_Iterable[_Union[Id, _Mapping]]] = ..., change_id: _Optional[str] = ...) -> None: ...

class DeleteUsersResponse(_message.Message):
    __slots__ = ("acknowledgement",)
    ACKNOWLEDGEMENT_FIELD_NUMBER: _ClassVar[int]
    acknowledgement: Acknowledgement
    def __init__(self, acknowledgement: _Optional[_Union[Acknowledgement, _Mapping]] = ...) -> None: ...

class AppendEventsRequest(_message.Message):
    __slots__ = ("events", "change_id")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[Event]
    change_id: str
    def __init__(self, events: _Optional[_Iterable[_Union[Event, _Mapping]]] = ..., change_id: _Optional[str] = ...) -> None: ...

class AppendEventsResponse(_message.Message):
    __slots__ = ("acknowledgement",)
    ACKNOWLEDGEMENT_FIELD_NUMBER: _ClassVar[int]
    acknowledgement: Acknowledgement
    def __init__(self, acknowledgement: _Optional[_Union[Acknowledgement, _Mapping]] = ...) -> None: ...

class StreamEventsRequest(_message.Message):
    __slots__ = ("events", "change_id")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_ID_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[Event]
    change_id: str
    def __init__(self, events: _Optional[_Iterable[_Union[Event, _Mapping]]] = ..., change_id: _Optional[str] = ...) -> None: ...

class StreamEventsResponse(_message.Message):
    __slots__ = ("acknowledgement",)
    ACKNOWLEDGEMENT_FIELD_NUMBER: _ClassVar[int]
    acknowledgement: Acknowledgement
    def __init__(self, acknowledgement: _Optional[_Union[Acknowledgement, _Mapping]] = ...) -> None: ...

class Acknowledgement(_message.Message):
    __slots__ = ("applied", "repeated_before")
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    REPEATED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    applied: int
    repeated_before: int
    def __init__(self, applied: _Optional[int] = ..., repeated_before: _Optional[int] = ...) -> None: ...
