"""The routes of certificates, training and staffing."""

from fastapi import APIRouter

from services.registry.certificates.api import certificates, staffing, training

router = APIRouter()
router.include_router(certificates.router)
router.include_router(training.router)
router.include_router(staffing.router)
